"""Waiting for a second person: refunds, payouts, batches and clearing moves wait the same way."""

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

from activities.approvals import Approvals
from models.approval import ApprovalLook, ApprovalStanding, ApprovalTerms
from models.saga import SagaRef
from workflows.policies import WRITES, ordinary

#: Seconds between two looks when the workflow's clock is ahead of the database's.
_MOMENT = timedelta(seconds=1)


class ApprovalWait:
    """Waits until the row is decided or its time is over. The row decides, not the message.

    `told`: set it when a request says that somebody decided; then the row is looked at.
    """

    def __init__(self, saga: SagaRef, terms: ApprovalTerms) -> None:
        self._saga = saga
        self._terms = terms
        self._escalated = False
        self.told = False

    async def ask(self) -> None:
        """Ask, where accepting did not."""
        await workflow.execute_activity_method(
            Approvals.ask,
            args=[self._saga, self._terms],
            **ordinary(WRITES, "ask for a second person"),
        )

    async def decided(self, interrupted: Callable[[], bool]) -> ApprovalLook | None:
        """How it was decided, or that its time is over; None when something else came first."""
        while not interrupted():
            if not await self._heard(interrupted):
                await self._overdue()
            if interrupted():
                break
            look = await self._look()
            if look.standing is not ApprovalStanding.WAITING:
                return look
        return None

    async def _heard(self, interrupted: Callable[[], bool]) -> bool:
        """False when the next moment came without a word."""
        wait = max(self._next() - workflow.now(), _MOMENT)
        try:
            await workflow.wait_condition(lambda: self.told or interrupted(), timeout=wait)
        except TimeoutError:
            return False
        self.told = False
        return True

    def _next(self) -> datetime:
        return self._terms.expires_at if self._escalated else self._terms.escalates_at

    async def _overdue(self) -> None:
        """Half the time is over: more people are told, once."""
        if self._escalated:
            return
        self._escalated = True
        await workflow.execute_activity_method(
            Approvals.escalate, self._saga, **ordinary(WRITES, "tell more people that it waits")
        )

    async def _look(self) -> ApprovalLook:
        return await workflow.execute_activity_method(
            Approvals.look, self._saga, **ordinary(WRITES, "see whether somebody decided")
        )
