"""The queue: a payout leaves when its rail carries and its float has the money."""

import contextlib
from datetime import timedelta

from temporalio import workflow

from activities.float_gates import FloatGates
from activities.rail_gates import RailGates, Turn
from models.float_gate import FloatAnswer, FloatAsk, FloatEnd, Gate
from models.payout_order import INSTRUCTIONS, instruction
from models.rail_health import Operation
from workflows.payout_run import PayoutRun
from workflows.quickly import quickly
from workflows.saga import Change

#: What a payout is queued for.
PROVIDER_DOWN, FLOAT = "provider_down", "float"
#: Seconds after which a queued payout looks by itself; who is told looks at once.
LOOKS_AGAIN = 60.0


class PayoutQueue:
    """Waits for a turn on the rail, then for float. Both are left when it is canceled."""

    def __init__(self, run: PayoutRun) -> None:
        self._run = run
        self._shown: str | None = None
        self._waited_for_rail = False
        #: Float was asked for, and what became of it is not told yet.
        self._asked = False

    async def passed(self) -> bool:
        """True when it may be sent now; False when it was canceled while it waited.

        False also when something was heard of an earlier instruction: that is weighed first.
        """
        run = self._run
        while not run.interrupted():
            if await self._rested() and await self._open():
                return True
        if not run.ears.heard:
            await self._leave()
            await run.cancel("canceled", run.canceled_by or "kauri")
        return False

    async def let_go(self, *, spent: bool) -> None:
        """The payout has ended: what is still reserved ends too, whichever run wrote the end."""
        if self._asked:
            await self.over(spent=spent)

    async def over(self, *, spent: bool) -> None:
        """The outcome is written: the float's reservation ends."""
        self._asked = False
        end = FloatEnd(id=self._named, saga=self._run.order.saga, spent=spent)
        await quickly(FloatGates.release, end, "end the reservation of float")

    async def _rested(self) -> bool:
        """Wait out the rest of a refused instruction; False when something came first."""
        run = self._run
        left = run.rests_until - workflow.now() if run.rests_until else timedelta(0)
        if left > timedelta(0):
            try:
                await workflow.wait_condition(run.interrupted, timeout=left)
            except TimeoutError:
                run.rests_until = None
            else:
                return False
        return True

    async def _open(self) -> bool:
        """One look; what finds it closed waits until it is told, or for the next look."""
        run = self._run
        run.woken = False
        why = await self._closed()
        if why is None:
            return not run.ears.heard
        await self._show(why)
        with contextlib.suppress(TimeoutError):
            await workflow.wait_condition(
                lambda: run.woken or run.interrupted(), timeout=run.scaled(LOOKS_AGAIN)
            )
        return False

    async def _closed(self) -> str | None:
        """What it has to wait for; None when it may go."""
        turn: bool = await quickly(RailGates.turn, self._turn(), "ask whether the rail carries")
        if not turn:
            self._waited_for_rail = True
            return PROVIDER_DOWN
        answer = await self._reserved()
        if answer.gate is Gate.ENDED and self._run.last < INSTRUCTIONS:
            self._run.follow()  # a run that died had sent it, and written that it was refused
            answer = await self._reserved()
        return None if answer.granted else FLOAT

    async def _reserved(self) -> FloatAnswer:
        self._asked = True
        ask = FloatAsk(
            id=self._named,
            saga=self._run.order.saga,
            place=self._run.order.rail.place,
            amount=self._run.order.amount,
        )
        answer: FloatAnswer = await quickly(FloatGates.reserve, ask, "reserve float")
        return answer

    async def _show(self, why: str) -> None:
        if self._shown != why:
            self._shown = why
            await self._run.saga.write(Change(shows={"queued_for": why}))

    async def stand_aside(self) -> None:
        """Nothing is sent for now. What is reserved stays, for it may have left."""
        if self._waited_for_rail:
            self._waited_for_rail = False
            await quickly(RailGates.leave, self._turn(), "leave the rail's queue")

    async def _leave(self) -> None:
        await self.stand_aside()
        await self.over(spent=False)

    def _turn(self) -> Turn:
        order = self._run.order
        return Turn(
            org_id=order.saga.org_id,
            livemode=order.saga.livemode,
            waits_as=order.saga.id,
            workflow_id=order.saga.id,
            provider=order.rail.place.rail,
            operation=Operation.PAYOUT,
        )

    @property
    def _named(self) -> str:
        return instruction(self._run.order, self._run.last)
