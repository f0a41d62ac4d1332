"""A wallet top-up: money announced under our reference, credited as it arrives."""

from datetime import timedelta

from temporalio import workflow

from activities.top_ups import RAIL, PromptOrder, TopUps, instruction
from models import ids
from models.lifecycle import AttemptState
from models.messages import Notice
from models.money import Money
from models.reading import ProviderReport, Source, Verdict
from models.saga import Instruct, SagaCase, SagaWritten, Trouble
from models.topup import WORKFLOW, TopUpOrder, TopUpState, Via, credited, suspended
from workflows.leg import Leg
from workflows.leg_plan import Call, Ears, Plan
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import OPENED, Change, Saga
from workflows.vault import VaultWorkflow


@workflow.defn(name=WORKFLOW)
class WalletTopUpWorkflow(VaultWorkflow):
    """By bank: wait for the notice. By mobile money: ring the phone and ask."""

    @workflow.init
    def __init__(self, order: TopUpOrder) -> None:
        self._order = order
        self._saga = Saga(order.saga, TopUpState.AWAITING_MONEY)
        self._ears = Ears()
        self._leg: Leg | None = None
        #: The leg, once what it was told could not be booked: from then on only people end it.
        self._disputed: Leg | None = None
        self._came: Money | None = None

    @workflow.run
    async def run(self, order: TopUpOrder) -> str:
        """Until the money came or may no longer come; then what came late is held."""
        if order.via is Via.MOBILE_MONEY:
            await self._by_phone()
        while not self._saga.final:
            await self._wait_for_money()
        await self._leave_nothing()
        return self._saga.state

    async def _wait_for_money(self) -> None:
        if self._disputed is not None:
            await workflow.wait_condition(lambda: bool(self._ears.heard))
            await self._weigh_first()
            return
        left = max(self._order.expires_at - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(lambda: bool(self._ears.heard), timeout=left)
        except TimeoutError:
            if not self._ears.heard:
                await self._expire(())
                return
        await self._weigh_first()

    async def _by_phone(self) -> None:
        instruct = Instruct(
            id=instruction(self._order),
            rail=RAIL,
            number=1,
            our_reference=ids.account_reference(instruction(self._order)),
            state=AttemptState.CREATED,
            amount=self._order.amount,
        )
        leg = Leg(self._saga, self._ears, self._plan(instruct), self._order.wait_scale)
        self._leg, self._out = leg, instruct.id
        report = await leg.carry()
        self._out = None
        if report is None:
            return
        if report.verdict is Verdict.SETTLED:
            await self._credit(report, leg.ending(report))
        else:
            await self._expire((report,), leg.ending(report))

    def _plan(self, instruct: Instruct) -> Plan:
        if self._order.terms is None:
            raise RuntimeError("a top-up by mobile money carries the terms of its rail")
        return Plan(
            instruct=instruct,
            terms=self._order.terms,
            sending=TopUpState.SENDING,
            unknown=TopUpState.UNKNOWN,
            send=self._ring,
            ask=self._question,
            confirms=True,
        )

    def _ring(self, sends: int) -> Call:
        order = PromptOrder(order=self._order, sends=sends, state=self._saga.state)
        return workflow.start_activity_method(
            TopUps.prompt, order, **ordinary(MOVES_MONEY, f"ring the phone: {self._order.amount}")
        )

    def _question(self) -> Call:
        handle = self._leg.handle if self._leg else None
        return workflow.start_activity_method(
            TopUps.ask,
            args=[self._order, handle],
            **ordinary(ASKS, "ask what became of the prompt"),
        )

    async def _weigh_late(self, report: ProviderReport) -> SagaWritten:
        """The same at the end as before it: money is money, once the provider says so too."""
        if self._disputed is not None and not self._saga.final:
            return await self._decided(report, self._disputed)
        if report.verdict is Verdict.SETTLED and self._leg is not None:
            report = await self._leg.confirmed(report)
        if report.verdict is not Verdict.SETTLED:
            return await self._saga.write(Change(evidence=(report,)))
        if self._saga.final or not self._same_currency(report):
            return await self._suspend(report)
        return await self._credit(report)

    async def _decided(self, report: ProviderReport, leg: Leg) -> SagaWritten:
        """The word of two people ends the prompt; anything else is only kept."""
        if report.source is not Source.OPERATOR:
            return await self._saga.write(Change(evidence=(report,)))
        if report.verdict is Verdict.SETTLED:
            return await self._credit(report, leg.ending(report))
        return await self._expire((report,), leg.ending(report))

    def _same_currency(self, report: ProviderReport) -> bool:
        money = report.reading.amount
        return money is None or money.currency == self._order.amount.currency

    async def _credit(
        self, report: ProviderReport, instruct: Instruct | None = None
    ) -> SagaWritten:
        money = report.reading.amount or self._order.amount
        written = await self._saga.end(
            Change(
                to=TopUpState.CREDITED,
                evidence=(report,),
                instruct=instruct,
                posting=credited(self._order, report),
                shows={"received": money.minor, "receipt": report.reading.receipt},
                events=("wallet_topup.credited",),
                notices=(self._told(report),),
                needs_review=False,
            )
        )
        if written.trouble is Trouble.DISPUTED:
            return await self._dispute(report)
        if written.applied:
            self._came = money
        return written

    def _told(self, report: ProviderReport) -> Notice:
        money = report.reading.amount or self._order.amount
        return Notice(
            event="topup_credited",
            key=f"{self._order.saga.id}/credited",
            about=self._order.saga.id,
            facts={"amount": str(money), "receipt": report.reading.receipt or "-"},
        )

    async def _suspend(self, report: ProviderReport) -> SagaWritten:
        """Money for a top-up that has ended, or of another currency: held, and a case."""
        kind = "late_money" if self._saga.final else "currency_mismatch"
        case = self._case(kind, report)
        written = await self._saga.write(
            Change(
                evidence=(report,),
                posting=suspended(self._order, report),
                case=case,
                events=(OPENED,),
            )
        )
        return await self._told_twice(report) if written.trouble is Trouble.DISPUTED else written

    async def _told_twice(self, report: ProviderReport) -> SagaWritten:
        """The receipt is booked: the same money told again, unless its amount is another."""
        if (report.reading.amount or self._order.amount) == self._came:
            return await self._saga.write(Change(evidence=(report,)))
        return await self._dispute(report)

    async def _dispute(self, report: ProviderReport) -> SagaWritten:
        """The receipt is booked for something else: never credited twice; a person looks."""
        self._disputed = self._leg
        case = self._case("contradiction", report)
        change = Change(evidence=(report,), case=case, events=(OPENED,), needs_review=True)
        return await self._saga.write(change)

    def _case(self, kind: str, report: ProviderReport) -> SagaCase:
        return SagaCase(
            kind=kind,
            cause=report.evidence_id,
            amount=report.reading.amount or self._order.amount,
            facts={"receipt": report.reading.receipt},
        )

    async def _expire(
        self, evidence: tuple[ProviderReport, ...], instruct: Instruct | None = None
    ) -> SagaWritten:
        return await self._saga.end(
            Change(
                to=TopUpState.EXPIRED,
                evidence=evidence,
                instruct=instruct,
                events=("wallet_topup.expired",),
            )
        )
