"""The money leg of a payout: sent once, asked about, and booked as it ended."""

from temporalio import workflow

from activities.sending import Sending
from models.lifecycle import AttemptState
from models.messages import Notice
from models.payout_order import INSTRUCTIONS, PayoutOrder
from models.payout_postings import PayoutPaid
from models.payout_states import PayoutState
from models.places import ReceiptClaim
from models.reading import ProviderReport, Reason, Source, Verdict
from models.saga import Instruct, SagaCase, SagaWritten, Trouble
from workflows.concluding import concluded
from workflows.leg import Leg
from workflows.leg_plan import Call, Plan
from workflows.payout_queue import FLOAT, PayoutQueue
from workflows.payout_run import PayoutRun
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import OPENED, Change

#: Seconds before the next instruction, after a rail refused one because our wallet there is short.
_REST = 300.0


class PayoutSending:
    """The stages processing and unknown. `out`: the instruction in flight."""

    def __init__(self, run: PayoutRun, queue: PayoutQueue) -> None:
        self._run = run
        self._queue = queue
        self._leg: Leg | None = None
        #: The leg whose money could not be booked: from then on only people end it.
        self.disputed: Leg | None = None
        self.out: str | None = None
        self._handles: dict[str, str | None] = {}

    async def carry(self) -> None:
        """One instruction, to its final word and its entry."""
        leg = self._legged()
        await self._ended(leg, await leg.carry())

    @property
    def doubted(self) -> bool:
        """Whether an instruction that was believed refused is said to have paid."""
        return bool(self._run.ears.contradictions)

    async def reopen(self) -> None:
        """Ask about what is doubted: nothing more is sent before somebody knows."""
        run, said = self._run, self._run.ears.contradictions[0]
        await self._queue.stand_aside()
        run.number = run.number_of(said)
        leg = self._legged()
        report = await leg.reopen(said, self._handles.get(said.attempt_id))
        if report is not None:
            run.ears.contradictions.remove(said)
        await self._ended(leg, report)

    async def weigh_earlier(self) -> None:
        """Keep what was said of an earlier instruction while the next one waits."""
        run, report = self._run, self._run.ears.heard[0]
        written = await run.saga.write(Change(evidence=(report,)))
        if written.trouble is Trouble.MOVED:
            return
        run.ears.heard.remove(report)
        run.ears.compare(report, run.saga.left(report.attempt_id))

    def _legged(self) -> Leg:
        run = self._run
        instruct = run.instruct(AttemptState.CREATED)
        self.out = instruct.id
        self._leg = Leg(run.saga, run.ears, self._plan(instruct), run.order.wait_scale)
        return self._leg

    async def _ended(self, leg: Leg, report: ProviderReport | None) -> None:
        self._handles[leg.instruction] = leg.handle
        self.out = None
        if report is None:
            return
        if report.verdict is Verdict.SETTLED:
            await self.paid(report, leg.ending(report))
        elif self.doubted:
            await self._still_open(report, leg.ending(report))
        elif self._short_of_float(report):
            await self._back(report, leg.ending(report))
        else:
            await self.refused(report, leg.ending(report))

    async def paid(self, report: ProviderReport, instruct: Instruct) -> SagaWritten:
        """Our account paid; the receipt is claimed with the entry."""
        order = self._run.order
        claim = _claim(order, report)
        change = Change(
            to=PayoutState.PAID,
            evidence=(report,),
            instruct=instruct,
            posting=PayoutPaid(
                payout_id=order.saga.id,
                amount=order.amount,
                fee=order.fee,
                place=order.rail.place,
                receipt=claim,
            ),
            shows={"receipt": claim.number, "queued_for": None},
            events=("payout.paid",),
            notices=_told(order, report),
        )
        written = await self._run.saga.end(concluded(self._run.ears, change))
        if written.trouble is Trouble.DISPUTED:
            return await self._dispute(report)
        if self._run.paid:  # by this step, or by one of a run that died
            self.disputed = None
            self._run.receipts = (claim.number, *claim.aliases)
            await self._queue.over(spent=True)
        return written

    async def refused(self, report: ProviderReport, instruct: Instruct) -> SagaWritten:
        """No money left: everything that was set aside is the merchant's again."""
        change = concluded(self._run.ears, Change(evidence=(report,), instruct=instruct))
        reason = str(report.reading.reason or report.verdict)
        written = await self._run.refused(reason, change)
        if written.applied:
            self.disputed = None
            await self._queue.over(spent=False)
        return written

    async def _still_open(self, report: ProviderReport, instruct: Instruct) -> None:
        """Refused, but an earlier instruction is said to have paid: that decides."""
        change = Change(to=PayoutState.UNKNOWN, evidence=(report,), instruct=instruct)
        await self._run.saga.end(change)

    async def _back(self, report: ProviderReport, instruct: Instruct) -> None:
        """Our wallet there had too little, whatever the ledger says: wait, and try a new one."""
        run = self._run
        change = Change(
            to=PayoutState.QUEUED,
            evidence=(report,),
            instruct=instruct,
            shows={"queued_for": FLOAT},
            needs_review=False,
        )
        await run.saga.end(change)
        if run.saga.state != PayoutState.QUEUED:  # a run that died wrote how it ended
            return
        await self._queue.over(spent=False)
        run.follow()
        run.rests_until = workflow.now() + run.scaled(_REST)

    def _short_of_float(self, report: ProviderReport) -> bool:
        ours = report.reading.reason is Reason.INSUFFICIENT_FUNDS
        return ours and report.source is not Source.OPERATOR and self._run.last < INSTRUCTIONS

    async def _dispute(self, report: ProviderReport) -> SagaWritten:
        """The receipt is booked for something else: nothing is booked twice; people look."""
        self.disputed = self._leg
        case = SagaCase(
            kind="contradiction",
            cause=report.evidence_id,
            amount=report.reading.amount,
            facts={"receipt": report.reading.receipt},
        )
        review = self._run.instruct(AttemptState.NEEDS_REVIEW)
        return await self._run.saga.end(
            Change(
                to=PayoutState.UNKNOWN,
                evidence=(report,),
                instruct=review,
                case=case,
                events=(OPENED,),
                needs_review=True,
            )
        )

    async def decided(self, report: ProviderReport, leg: Leg) -> SagaWritten:
        """The word of two people ends what was disputed; anything else is only kept."""
        if report.source is not Source.OPERATOR:
            return await self._run.saga.write(Change(evidence=(report,)))
        if report.verdict is Verdict.SETTLED:
            return await self.paid(report, leg.moved(AttemptState.SUCCEEDED))
        return await self.refused(report, leg.moved(AttemptState.FAILED))

    def _plan(self, instruct: Instruct) -> Plan:
        return Plan(
            instruct=instruct,
            terms=self._run.order.rail.terms,
            sending=PayoutState.PROCESSING,
            unknown=PayoutState.UNKNOWN,
            send=self._send,
            ask=self._ask,
            confirms=True,
            queues=True,
            barred=lambda: self.doubted,
            convinces=self._convinces,
        )

    def _convinces(self, report: ProviderReport) -> bool:
        """Another amount than was asked for is proof of nothing: it is asked about, then people.

        Nor does a callback alone prove what would have it sent again: that is asked about at once.
        """
        if report.source is Source.OPERATOR:
            return True
        if report.verdict is Verdict.SETTLED:
            return report.reading.amount in {None, self._run.order.amount}
        if report.source is Source.CALLBACK and self._short_of_float(report):
            self._run.ears.ask_now = True
            return False
        return True

    def _send(self, sends: int) -> Call:
        order = self._run.order
        summary = f"send {order.amount} by {order.rail.name}, instruction {self._run.number}"
        return workflow.start_activity_method(
            Sending.send, self._run.call(sends), **ordinary(MOVES_MONEY, summary)
        )

    def _ask(self) -> Call:
        handle = self._leg.handle if self._leg else None
        summary = f"ask what became of instruction {self._run.number}"
        return workflow.start_activity_method(
            Sending.ask, self._run.call(handle=handle), **ordinary(ASKS, summary)
        )


def _claim(order: PayoutOrder, report: ProviderReport) -> ReceiptClaim:
    said, place = report.reading, order.rail.place
    number = said.receipt or said.provider_reference or report.attempt_id
    other = said.provider_reference
    return ReceiptClaim(
        rail=place.rail,
        account=place.account,
        number=number,
        aliases=(other,) if other and other != number else (),
    )


def _told(order: PayoutOrder, report: ProviderReport) -> tuple[Notice, ...]:
    """What the payee is told, where there is a phone to tell it to."""
    if order.payee.wallet is None or not order.tells_payee:
        return ()
    said = report.reading
    facts = {
        "merchant": order.payer,
        "amount": str(order.amount),
        "rail": order.rail.title,
        "purpose": order.purpose,
        "receipt": said.receipt or said.provider_reference or "",
    }
    return (
        Notice(
            event="payout_paid",
            key=f"{order.saga.id}/paid",
            about=order.saga.id,
            to_phone=order.payee.wallet,
            facts=facts,
        ),
    )
