"""The money of a refund leaves, once, and is booked as it ended."""

from temporalio import workflow

from activities.refund_telling import RefundTelling
from activities.refunds import GiveBack, Refunding
from models.lifecycle import AttemptState
from models.places import ReceiptClaim
from models.reading import ProviderReport, Source, Verdict
from models.refund import RefundState
from models.refund_order import RefundPlan, Way
from models.refund_postings import RefundPaid, RefundRefused
from models.saga import Instruct, SagaCase, SagaWritten, Trouble
from workflows.concluding import concluded
from workflows.leg import Leg
from workflows.leg_plan import Call, Ears, Plan
from workflows.policies import ASKS, MOVES_MONEY, WRITES, ordinary
from workflows.refund_room import Room
from workflows.refund_wishes import Wishes
from workflows.saga import OPENED, Change, Saga


class Giving:
    """One instruction: a refund by the rail, or a payout to the payer."""

    def __init__(self, plan: RefundPlan, saga: Saga, ears: Ears, wishes: Wishes) -> None:
        self._plan = plan
        self._saga = saga
        self._ears = ears
        self._wishes = wishes
        self._room = Room(plan, wishes)
        self._leg: Leg | None = None
        #: The leg, once what it was told could not be booked: from then on only people end it.
        self._disputed: Leg | None = None
        self.out: str | None = None

    async def give(self) -> None:
        """Send, listen and ask; then book how it ended."""
        if self._disputed is not None:
            await self._hear_people(self._disputed)
            return
        if self._saga.state == RefundState.PENDING and not await self._room.waited():
            await self._give_up()
            return
        leg = self._leg = Leg(self._saga, self._ears, self._planned(), self._plan.wait_scale)
        self.out = self._plan.instruction
        report = await leg.carry()
        if report is not None:
            await self._end(leg, report)
        self.out = self._plan.instruction if self._disputed else None

    async def conclude(self) -> None:
        """Let go of the float, and tell the payer what came."""
        spent = self._saga.state == RefundState.SUCCEEDED
        await self._room.leave(spent=spent)
        if spent:
            await workflow.execute_activity_method(
                RefundTelling.tell, self._plan, **ordinary(WRITES, "tell the payer")
            )

    def _planned(self) -> Plan:
        plan = self._plan
        instruct = Instruct(
            id=plan.instruction,
            rail=plan.rail,
            number=1,
            our_reference=plan.our_reference,
            state=AttemptState.CREATED,
            amount=plan.amount,
        )
        return Plan(
            instruct=instruct,
            terms=plan.terms,
            sending=RefundState.PROCESSING,
            unknown=RefundState.UNKNOWN,
            send=self._send,
            ask=self._ask,
            confirms=True,
            queues=True,
            convinces=self._as_asked,
        )

    def _send(self, sends: int) -> Call:
        order = GiveBack(plan=self._plan, sends=sends, state=self._saga.state)
        words = "give back" if self._plan.way is Way.NATIVE else "pay back"
        return workflow.start_activity_method(
            Refunding.give_back, order, **ordinary(MOVES_MONEY, f"{words} {self._plan.amount}")
        )

    def _ask(self) -> Call:
        handle = self._leg.handle if self._leg else None
        return workflow.start_activity_method(
            Refunding.ask,
            args=[self._plan, handle],
            **ordinary(ASKS, "ask what became of the refund"),
        )

    def _as_asked(self, report: ProviderReport) -> bool:
        """Another amount than was asked for proves nothing: it is asked about, people look."""
        told = report.reading.amount
        return report.verdict is not Verdict.SETTLED or told in {None, self._plan.amount}

    async def _end(self, leg: Leg, report: ProviderReport) -> SagaWritten:
        if report.verdict is Verdict.SETTLED:
            written = await self._succeed(leg, report, self._claim(report))
            if written.trouble is Trouble.DISPUTED:
                return await self._dispute(leg, report)
            return written
        return await self._fail(leg, report)

    async def _succeed(
        self, leg: Leg, report: ProviderReport, receipt: ReceiptClaim | None
    ) -> SagaWritten:
        plan = self._plan
        change = Change(
            to=RefundState.SUCCEEDED,
            instruct=leg.ending(report),
            evidence=(report,),
            posting=RefundPaid(
                refund_id=plan.saga.id,
                amount=plan.amount,
                out_of=plan.out_of,
                receipt=receipt,
                suspense=plan.suspense,
            ),
            shows={"receipt": report.reading.receipt},
            events=("refund.succeeded",),
        )
        return await self._saga.end(concluded(self._ears, change))

    async def _fail(self, leg: Leg, report: ProviderReport) -> SagaWritten:
        change = Change(
            to=RefundState.FAILED,
            instruct=leg.ending(report),
            evidence=(report,),
            posting=self._turned_round(),
            shows={"failure": str(report.reading.reason or "declined")},
            events=self._unpaid("refund.failed"),
        )
        return await self._saga.end(concluded(self._ears, change))

    async def _give_up(self) -> None:
        """Nothing was sent: what is set aside goes back."""
        await self._saga.write(
            Change(
                to=RefundState.CANCELED,
                reason="given up",
                actor=self._wishes.given_up_by or "kauri",
                posting=self._turned_round(),
                events=self._unpaid("refund.canceled"),
            )
        )

    def _unpaid(self, event: str) -> tuple[str, ...]:
        """Money of a case is in suspense again: the step opens the case, and says so."""
        return (event, OPENED) if self._plan.case else (event,)

    def _turned_round(self) -> RefundRefused:
        plan = self._plan
        return RefundRefused(
            refund_id=plan.saga.id,
            amount=plan.amount,
            fee=plan.fee,
            escrow=plan.escrow,
            suspense=plan.suspense,
        )

    async def _dispute(self, leg: Leg, report: ProviderReport) -> SagaWritten:
        """The receipt is another refund's: not booked by it; two people say how this one ended."""
        self._disputed = leg
        leg.state = AttemptState.NEEDS_REVIEW
        case = SagaCase(
            kind="contradiction",
            cause=report.evidence_id,
            amount=self._plan.amount,
            facts={"receipt": report.reading.receipt},
        )
        return await self._saga.end(
            Change(
                to=RefundState.UNKNOWN,
                instruct=leg.moved(AttemptState.NEEDS_REVIEW),
                evidence=(report,),
                case=case,
                events=(OPENED,),
                needs_review=True,
            )
        )

    async def _hear_people(self, leg: Leg) -> None:
        """Their word ends it, without the receipt that is another's; anything else is kept."""
        await workflow.wait_condition(lambda: bool(self._ears.heard))
        report = self._ears.heard[0]
        if report.source is not Source.OPERATOR:
            written = await self._saga.write(Change(evidence=(report,)))
        elif report.verdict is Verdict.SETTLED:
            written = await self._succeed(leg, report, None)
        else:
            written = await self._fail(leg, report)
        if written.trouble is not Trouble.MOVED:
            self._ears.heard.pop(0)

    def _claim(self, report: ProviderReport) -> ReceiptClaim | None:
        """A receipt of what left is another thing than one of what came."""
        number = report.reading.receipt
        if not number:
            return None
        place = self._plan.out_of
        return ReceiptClaim(rail=place.rail, account=f"{place.account}/out", number=number)
