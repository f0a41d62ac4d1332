"""Bought float is brought to where payouts leave from; where that fails, two people decide."""

import dataclasses

from temporalio import workflow

from activities.float_buying import FloatBuying, MoveOrder
from activities.payouts import PayoutQuestion, Payouts
from models.float_order import FLOAT, LANDS_WITHIN, MOVE, FloatFacts
from models.float_proof import Where, landed
from models.float_purchase import FloatState
from models.messages import Notice
from models.money import Money
from models.reading import Verdict
from models.saga import Instruct, SagaCase
from workflows.concluding import concluded
from workflows.float_run import FloatRun, why
from workflows.leg_plan import Call, Plan
from workflows.policies import ASKS, MOVES_MONEY, ordinary
from workflows.saga import OPENED, Change


class Landing:
    """The stages credited and moving."""

    def __init__(self, run: FloatRun) -> None:
        self._run = run
        self._looked = False

    async def settle(self) -> None:
        """Float that arrived in working is moved; what is in utility can be paid out."""
        facts = await self._run.facts()
        where = facts.landed or await self._find(facts)
        if where is Where.WORKING:
            await self._bring(facts)
        elif where is None and self._looked:
            cause = self._run.instruct(FLOAT, facts).id
            await self._left(FloatState.NOT_SEEN, SagaCase(kind="float_not_seen", cause=cause))
        else:
            change = concluded(self._run.ears, Change(shows={"landed": where}))
            await self.settled(change, facts.available)

    async def settled(self, change: Change, available: Money | None) -> None:
        """The partner's people are told that the float is there."""
        run, order = self._run, self._run.order
        notice = Notice(
            event="float_settled",
            key=f"{order.saga.id}/settled",
            facts={
                "amount": str(order.amount),
                "short_code": order.short_code,
                "total": str(order.total),
                "balance": str(available or ""),
            },
        )
        done = dataclasses.replace(
            change,
            to=FloatState.SETTLED,
            claims=False,
            events=("float_purchase.settled",),
            notices=(notice,),
        )
        await run.saga.write(done)

    async def _bring(self, facts: FloatFacts) -> None:
        """Move it to utility; it is the partner's all the same where that is refused."""
        run = self._run
        if facts.landed is None:
            await run.saga.write(Change(shows={"landed": Where.WORKING}))
        ended = await run.carry(self._move(run.instruct(MOVE, facts)))
        if ended is None:
            return
        instruct, report = ended
        change = concluded(run.ears, Change(instruct=instruct, evidence=(report,)))
        if report.verdict is Verdict.SETTLED:
            moved = dataclasses.replace(change, shows={"landed": Where.UTILITY})
            await self.settled(moved, facts.available)
        else:
            case = SagaCase(kind="float_in_working", cause=instruct.id, facts={"why": why(report)})
            await self._left(FloatState.IN_WORKING, case, change)

    async def _left(self, state: FloatState, case: SagaCase, change: Change = Change()) -> None:  # noqa: B008 - frozen, and nothing in it
        """People have to look; until they have, no more float is bought for the short code.

        Float of another purchase would prove this one, and this one's the other.
        """
        run = self._run
        left = dataclasses.replace(
            change,
            to=state,
            case=dataclasses.replace(case, amount=run.order.amount),
            events=(OPENED,),
            needs_review=True,
        )
        await run.saga.write(left)

    async def _find(self, facts: FloatFacts) -> Where | None:
        """Where the float is; None where nobody measured before, or it does not show up."""
        if facts.before is None:
            return None
        for pause in LANDS_WITHIN:
            await workflow.sleep(self._run.scaled(pause))
            now = await self._run.balances()
            paid = (await self._run.facts(now)).between
            if now is None or paid is None:
                continue
            self._looked = True
            where = landed(facts.before, now, amount=self._run.order.amount, paid=paid)
            if where is not None:
                return where
        return None

    def _move(self, told: Instruct) -> Plan:
        run, order = self._run, self._run.order

        def send(sends: int) -> Call:
            move = MoveOrder(
                intent=run.intent(told, FloatState.MOVING, sends), short_code=order.short_code
            )
            summary = f"move {order.amount} from working to utility"
            return workflow.start_activity_method(
                FloatBuying.move, move, **ordinary(MOVES_MONEY, summary)
            )

        def ask() -> Call:
            question = PayoutQuestion(
                saga=order.saga, instruction_id=told.id, our_reference=told.our_reference
            )
            return workflow.start_activity_method(
                Payouts.ask, question, **ordinary(ASKS, "ask M-Pesa what became of the move")
            )

        return Plan(
            instruct=told,
            terms=order.move_terms(),
            sending=FloatState.MOVING,
            unknown=FloatState.MOVE_UNKNOWN,
            send=send,
            ask=ask,
        )
