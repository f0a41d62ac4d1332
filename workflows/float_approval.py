"""The stage before any money: the code is waited for, then the wallet is asked to bear it."""

from datetime import timedelta
from typing import Any

from temporalio import workflow

from activities.otps import Otps
from models.float_purchase import FloatState
from models.otp import OtpLook, OtpStanding, OtpWord
from models.saga import Trouble
from models.vault_postings import FloatApproved
from workflows.float_run import FloatRun
from workflows.policies import WRITES, ordinary
from workflows.saga import Change


class Approval:
    """Nothing is held before the code was right. The code's row decides between all of them."""

    def __init__(self, run: FloatRun) -> None:
        self._run = run
        self._until = run.order.code_expires_at
        self.requests: list[dict[str, Any]] = []

    async def wait(self) -> None:
        """Until somebody says something, or the latest code has expired."""
        left = max(self._until - workflow.now(), timedelta(0))
        try:
            await workflow.wait_condition(lambda: bool(self.requests), timeout=left)
        except TimeoutError:
            await self._run_out()
            return
        await self._hear(self.requests.pop(0))

    async def _hear(self, request: dict[str, Any]) -> None:
        actor = str(request.get("actor") or "kauri")
        word = request.get("otp")
        if word == OtpWord.VERIFIED:
            await self._hold(actor)
        elif word == OtpWord.LOCKED:
            await self._end(FloatState.REJECTED, actor)
        elif word == OtpWord.CANCELED:
            await self._end(FloatState.CANCELED, actor)

    async def _run_out(self) -> None:
        """Another code may have been sent meanwhile, or the right one have come just in time."""
        look: OtpLook = await workflow.execute_activity_method(
            Otps.run_out, self._run.order.saga, **ordinary(WRITES, "see whether a code is good")
        )
        if look.standing is OtpStanding.SPENT:
            await self._hold("kauri")
        elif look.standing is OtpStanding.LIVE and look.expires_at is not None:
            self._until = look.expires_at
        else:
            await self._end(FloatState.EXPIRED, "kauri")

    async def _hold(self, actor: str) -> None:
        order = self._run.order
        hold = FloatApproved(purchase_id=order.saga.id, amount=order.amount, charges=order.charges)
        change = Change(
            to=FloatState.HELD, actor=actor, posting=hold, events=("float_purchase.held",)
        )
        written = await self._run.saga.write(change)
        if written.trouble is Trouble.SHORT:
            await self._end(FloatState.INSUFFICIENT, actor)

    async def _end(self, state: FloatState, actor: str) -> None:
        change = Change(to=state, actor=actor, claims=False, events=(f"float_purchase.{state}",))
        await self._run.saga.write(change)
