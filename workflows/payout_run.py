"""One payout on its way: what its stages share."""

from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow

from models import payout_order
from models.approval import APPROVAL
from models.lifecycle import AttemptState
from models.payout_calls import PayoutCall
from models.payout_order import CANCEL, PayoutOrder, first_state, numbers
from models.payout_postings import PayoutReleased, PayoutRequested
from models.payout_states import PayoutState
from models.reading import ProviderReport
from models.saga import Instruct, SagaWritten, Trouble
from workflows.approval_wait import ApprovalWait
from workflows.leg_plan import Ears
from workflows.saga import Change, Saga

#: Where amount and fee are set aside.
_HELD = frozenset({PayoutState.QUEUED, PayoutState.PROCESSING, PayoutState.UNKNOWN})


class PayoutRun:
    """The run's memory. What is not written is not believed."""

    def __init__(self, order: PayoutOrder) -> None:
        self.order = order
        title = f"{order.saga.org_id}, {order.kind} of {order.amount} by {order.rail.name}"
        self.saga = Saga(order.saga, first_state(order), title)
        self.ears = Ears()
        self.approval: ApprovalWait | None = None
        #: Who wants it canceled; only heard while nothing has left.
        self.canceled_by: str | None = None
        #: Something came for which the queue may look again.
        self.woken = False
        #: The instruction that is carried, or would be next; the last there is.
        self.number = self.last = 1
        #: Until when the next instruction rests, after a rail refused one because ours was short.
        self.rests_until: datetime | None = None
        self._first_sent: dict[int, datetime] = {}
        #: What it was paid under.
        self.receipts: tuple[str, ...] = ()

    def hear(self, request: dict[str, Any]) -> None:
        """A request of our own API or upkeep."""
        if CANCEL in request:
            self.canceled_by = str(request.get("actor") or "kauri")
        elif APPROVAL in request and self.approval is not None:
            self.approval.told = True
        else:
            self.woken = True

    @property
    def paid(self) -> bool:
        """True from when it is paid until the money comes back."""
        return self.saga.state == PayoutState.PAID

    def number_of(self, report: ProviderReport) -> int:
        """Which instruction it is about; the one that is carried, where it is none of them."""
        return numbers(self.order, self.last).get(report.attempt_id, self.number)

    def follow(self) -> None:
        """The next instruction: none before it had any effect."""
        self.last += 1
        self.number = self.last

    def canceling(self) -> bool:
        """True once somebody wants it canceled."""
        return self.canceled_by is not None

    def interrupted(self) -> bool:
        """True where nothing is sent for now: something was heard, or it is to be canceled."""
        return bool(self.ears.heard) or self.canceling()

    def instruct(self, state: AttemptState) -> Instruct:
        """The instruction in this state."""
        return payout_order.instruct(self.order, self.number, state)

    def call(self, sends: int = 0, handle: str | None = None) -> PayoutCall:
        """What the activities are told of it."""
        return PayoutCall(
            order=self.order,
            number=self.number,
            first_sent_at=self._first_sent.setdefault(self.number, workflow.now()),
            sends=sends,
            state=self.saga.state,
            handle=handle,
        )

    async def hold(self) -> None:
        """Set amount and fee aside and stand in the queue; where that cannot be borne, it ends."""
        order = self.order
        posting = PayoutRequested(payout_id=order.saga.id, amount=order.amount, fee=order.fee)
        change = Change(to=PayoutState.QUEUED, posting=posting, events=("payout.queued",))
        written = await self.saga.write(change)
        if written.trouble is Trouble.SHORT:
            await self.fail("insufficient_funds")

    async def fail(self, reason: str) -> SagaWritten:
        """It ends before anything was sent; what was held is given back."""
        return await self.saga.write(self._ending(PayoutState.FAILED, reason, Change()))

    async def refused(self, reason: str, change: Change) -> SagaWritten:
        """It was sent and no money left; what was held is given back."""
        return await self.saga.end(self._ending(PayoutState.FAILED, reason, change))

    async def cancel(self, reason: str, actor: str) -> SagaWritten:
        """It is taken back before anything left."""
        change = Change(actor=actor)
        return await self.saga.write(self._ending(PayoutState.CANCELED, reason, change))

    def _ending(self, state: PayoutState, reason: str, change: Change) -> Change:
        order = self.order
        released = PayoutReleased(payout_id=order.saga.id, amount=order.amount, fee=order.fee)
        return Change(
            to=state,
            actor=change.actor,
            approver=change.approver,
            reason=change.reason or reason,
            shows={"failure": reason, "queued_for": None},
            instruct=change.instruct,
            evidence=change.evidence,
            posting=released if self.saga.state in _HELD else None,
            closes=change.closes,
            events=(f"payout.{state}",),
            needs_review=change.needs_review,
        )

    def scaled(self, seconds: float) -> timedelta:
        """A wait, shortened in tests."""
        return timedelta(seconds=seconds * self.order.wait_scale)
