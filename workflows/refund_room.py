"""A refund leaves when its rail carries and its float has the money."""

import contextlib
from datetime import timedelta

from temporalio import workflow

from activities.float_gates import FloatGates
from activities.rail_gates import RailGates, Turn
from models.float_gate import FloatAnswer, FloatAsk, FloatEnd, Gate
from models.rail_health import Operation
from models.refund_order import RefundPlan, Way
from workflows.quickly import quickly
from workflows.refund_wishes import Wishes

#: Seconds between looks nobody asked for; who waits in a queue is told.
_LOOKS_AGAIN = 60.0


class Room:
    """Waits for a turn on the rail, then for float."""

    def __init__(self, plan: RefundPlan, wishes: Wishes) -> None:
        self._plan = plan
        self._wishes = wishes
        self._asked = False

    async def waited(self) -> bool:
        """True when it may be sent now; False when it was given up meanwhile."""
        while self._wishes.given_up_by is None:
            self._wishes.awake = False
            if await self._open():
                return True
            pause = timedelta(seconds=_LOOKS_AGAIN * self._plan.wait_scale)
            with contextlib.suppress(TimeoutError):
                await workflow.wait_condition(lambda: self._wishes.awake, timeout=pause)
        return False

    async def leave(self, *, spent: bool) -> None:
        """How it ended is written: let go of both queues."""
        if not self._asked:
            return
        end = FloatEnd(id=self._plan.instruction, saga=self._plan.saga, spent=spent)
        await quickly(RailGates.leave, self._turn(), "leave the rail's queue")
        await quickly(FloatGates.release, end, "end the reservation of float")

    async def _open(self) -> bool:
        self._asked = True
        carries: bool = await quickly(RailGates.turn, self._turn(), "ask whether the rail carries")
        if not carries:
            return False
        plan = self._plan
        ask = FloatAsk(id=plan.instruction, saga=plan.saga, place=plan.out_of, amount=plan.amount)
        answer: FloatAnswer = await quickly(FloatGates.reserve, ask, "reserve float")
        return answer.gate in {Gate.GRANTED, Gate.ENDED}

    def _turn(self) -> Turn:
        plan = self._plan
        native = plan.way is Way.NATIVE
        return Turn(
            org_id=plan.saga.org_id,
            livemode=plan.saga.livemode,
            waits_as=plan.saga.id,
            workflow_id=plan.saga.id,
            provider=plan.out_of.provider,
            operation=Operation.REFUND if native else Operation.PAYOUT,
        )
