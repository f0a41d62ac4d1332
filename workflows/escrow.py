"""An escrow: it waits, and carries out what was decided about its money."""

from datetime import timedelta
from typing import Any

from temporalio import workflow

from activities.escrows import Escrows
from models.escrow_order import WORKFLOW, EscrowOrder
from models.escrow_rules import EscrowLook, EscrowMove, next_move, release_at
from models.refund_order import REFUND_ENDED, RefundEnded
from models.saga import REQUESTED, SagaCase, Trouble
from workflows.leg_plan import Ears
from workflows.policies import WRITES, ordinary
from workflows.saga import OPENED, Change, Saga
from workflows.vault import VaultWorkflow

#: Seconds between looks nobody asked for: at a session that outlives its time, and at refunds.
_LOOKS_EVERY = (5.0, 30.0, 120.0, 600.0)


@workflow.defn(name=WORKFLOW)
class EscrowWorkflow(VaultWorkflow):
    """One escrow; its id is the saga's. Its rows say what was decided, and in which order."""

    @workflow.init
    def __init__(self, order: EscrowOrder) -> None:
        self._order = order
        self._saga = Saga(order.saga, order.state, f"escrow of {order.amount}")
        self._ears = Ears()
        self._awake = False
        self._looks = 0

    @workflow.run
    async def run(self, order: EscrowOrder) -> str:
        """Until all of its money has left, or none came; the state it ends in."""
        while not self._saga.final:
            look = await self._look()
            move = next_move(order, look, workflow.now())
            if move is not None and await self._carry(move):
                continue
            await self._wait(look)
            if workflow.info().is_continue_as_new_suggested():
                await workflow.wait_condition(workflow.all_handlers_finished)
                workflow.continue_as_new(order.standing(self._saga.state))
        await self._leave_nothing()
        return self._saga.state

    @workflow.signal(name=REQUESTED)
    def requested(self, message: dict[str, Any]) -> None:  # noqa: ARG002 - the rows say what it is
        """Something was decided, or its payment or a refund ended: look."""
        self._awake, self._looks = True, 0

    @workflow.signal(name=REFUND_ENDED)
    def refund_ended(self, ended: RefundEnded) -> None:  # noqa: ARG002 - the rows say how
        """A refund out of it has ended: look."""
        self._awake, self._looks = True, 0

    async def _look(self) -> EscrowLook:
        self._awake = False
        return await workflow.execute_activity_method(
            Escrows.look, self._order.saga, **ordinary(WRITES, "see what was paid and decided")
        )

    async def _carry(self, move: EscrowMove) -> bool:
        """Write the step. False where the book would not bear it: then people look."""
        self._looks = 0
        change = Change(to=move.to, events=move.events, shows=move.shows, posting=move.posting)
        written = await self._saga.write(change)
        if written.trouble is not Trouble.SHORT:
            return True
        case = SagaCase(kind="contradiction", cause="short", amount=self._order.amount)
        await self._saga.write(Change(case=case, events=(OPENED,), needs_review=True))
        return False

    async def _wait(self, look: EscrowLook) -> None:
        """Until somebody says that there is something to see, or the time comes to look."""
        due = release_at(self._order, look)
        left = None if due is None else due - workflow.now()
        if left is not None and left <= timedelta(0):
            await self._run_out()
            return
        pauses = [pause for pause in (left, self._pause(look)) if pause is not None]
        try:
            await workflow.wait_condition(
                lambda: self._awake, timeout=min(pauses) if pauses else None
            )
        except TimeoutError:
            return

    async def _run_out(self) -> None:
        await workflow.execute_activity_method(
            Escrows.run_out, self._order.saga, **ordinary(WRITES, "the time is over: release it")
        )

    def _pause(self, look: EscrowLook) -> timedelta | None:
        """When to look again by itself; None while nothing can happen without a word."""
        if look.funded is None:
            until = self._order.expires_at - workflow.now()
            if until > timedelta(0):
                return until
        elif not look.refunding.minor:
            return None
        pause = _LOOKS_EVERY[min(self._looks, len(_LOOKS_EVERY) - 1)]
        self._looks += 1
        return timedelta(seconds=pause * self._order.wait_scale)
