"""The money of a refund is set aside; where the merchant cannot bear it, the refund waits."""

import contextlib
from datetime import timedelta

from temporalio import workflow

from models.refund import RefundState
from models.refund_order import RefundPlan
from models.refund_postings import RefundRequested
from models.saga import Trouble
from workflows.refund_wishes import Wishes
from workflows.saga import Change, Saga

#: Seconds between tries nobody asked for; money that comes is told at once.
_PAUSES = (60.0, 300.0, 900.0, 3600.0, 21_600.0)


class Funding:
    """Tries again whenever money came, for as long as nobody gives the refund up."""

    def __init__(self, plan: RefundPlan, saga: Saga, wishes: Wishes) -> None:
        self._plan = plan
        self._saga = saga
        self._wishes = wishes
        self._tries = 0

    async def set_aside(self) -> None:
        """Hold the amount, or wait; a refund that was given up holds nothing."""
        if self._wishes.given_up_by is not None:
            await self._give_up(self._wishes.given_up_by)
            return
        self._wishes.awake = False
        written = await self._saga.write(Change(to=RefundState.PENDING, posting=self._posting()))
        if written.trouble is Trouble.SHORT:
            await self._wait()

    async def _wait(self) -> None:
        if self._saga.state == RefundState.CREATED:
            await self._saga.write(
                Change(to=RefundState.WAITING_FUNDS, events=("refund.waiting_funds",))
            )
        pause = _PAUSES[min(self._tries, len(_PAUSES) - 1)] * self._plan.wait_scale
        self._tries += 1
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: self._wishes.awake, timeout=timedelta(seconds=pause)
            )

    async def _give_up(self, actor: str) -> None:
        await self._saga.write(
            Change(
                to=RefundState.CANCELED,
                reason="given up",
                actor=actor,
                events=("refund.canceled",),
            )
        )

    def _posting(self) -> RefundRequested:
        plan = self._plan
        return RefundRequested(
            refund_id=plan.saga.id, amount=plan.amount, fee=plan.fee, escrow=plan.escrow
        )
