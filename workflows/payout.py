"""A payout: asked about, held, queued, sent once, and paid or given back."""

from dataclasses import replace
from typing import Any

from temporalio import workflow

from models.decisions import Known
from models.lifecycle import AttemptState
from models.payout_order import WORKFLOW, PayoutOrder, instruction
from models.payout_states import PayoutState
from models.rail_health import RAIL_FREED
from models.reading import ProviderReport
from models.saga import REQUESTED, SagaWritten
from workflows import payout_asking
from workflows.approval_wait import ApprovalWait
from workflows.payout_bounce import Bounce
from workflows.payout_queue import PayoutQueue
from workflows.payout_run import PayoutRun
from workflows.payout_sending import PayoutSending
from workflows.vault import VaultWorkflow


@workflow.defn(name=WORKFLOW)
class PayoutWorkflow(VaultWorkflow):
    """Nothing is held before everybody agreed, and nothing leaves before it is held."""

    @workflow.init
    def __init__(self, order: PayoutOrder) -> None:
        self._run = PayoutRun(order)
        self._saga, self._ears = self._run.saga, self._run.ears
        self._queue = PayoutQueue(self._run)
        self._sending = PayoutSending(self._run, self._queue)
        self._bounce = Bounce(self._run)
        if order.approval is not None:
            self._run.approval = ApprovalWait(order.saga, order.approval)

    @workflow.run
    async def run(self, order: PayoutOrder) -> str:  # noqa: ARG002 - workflow.init has it
        """Until it is paid, given back or taken back."""
        while not self._saga.final:
            await self._stage()
        await self._queue.let_go(spent=self._run.paid)
        # Weighed only now: the end of the payout would have closed their case.
        self._ears.heard += self._ears.contradictions
        if self._run.paid:
            await self._bounce.watched(self._weigh_first)
        await self._leave_nothing()
        return self._saga.state

    @workflow.signal(name=REQUESTED)
    def requested(self, request: dict[str, Any]) -> None:
        """Something was decided, taken back, or has come."""
        self._run.hear(request)

    @workflow.signal(name=RAIL_FREED)
    def rail_freed(self, _waited_as: str) -> None:
        """The rail carries again, and it is this payout's turn."""
        self._run.woken = True

    @property
    def _out(self) -> str | None:  # type: ignore[override]  # the leg knows what is in flight
        return self._sending.out

    async def _stage(self) -> None:
        """On from wherever the row stands, also where an earlier run brought it."""
        if self._sending.disputed is not None:
            await workflow.wait_condition(lambda: bool(self._ears.heard))
            await self._weigh_first()
        elif self._sending.doubted:
            await self._sending.reopen()
        elif self._saga.state == PayoutState.QUEUED:
            await self._queued()
        elif self._saga.state in {PayoutState.PROCESSING, PayoutState.UNKNOWN}:
            await self._sending.carry()
        elif await payout_asking.may_go(self._run):
            await self._run.hold()

    def _known(self) -> Known:
        """While the next instruction waits, two people may still tell how the last one ended."""
        known, run = super()._known(), self._run
        if self._saga.state != PayoutState.QUEUED or run.last == 1:
            return known
        before = instruction(run.order, run.last - 1)
        return replace(known, id=before, state=AttemptState.NEEDS_REVIEW)

    async def _queued(self) -> None:
        """What was said of an earlier instruction comes before the next one leaves."""
        if self._ears.heard:
            await self._sending.weigh_earlier()
        elif await self._queue.passed():
            await self._sending.carry()

    async def _weigh_late(self, report: ProviderReport) -> SagaWritten:
        """People end what could not be booked; what comes after the end is kept, or a case."""
        if self._sending.disputed is not None and not self._saga.final:
            return await self._sending.decided(report, self._sending.disputed)
        returned = await self._bounce.weigh(report)
        return returned or await super()._weigh_late(report)
