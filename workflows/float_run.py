"""One float purchase on its way: what its stages share."""

from datetime import timedelta

from temporalio import workflow

from activities.fence import Intent
from activities.float_watching import FloatWatching
from models.float_calls import StatementLook
from models.float_decisions import FloatDecision
from models.float_order import BALANCE_QUESTIONS, BALANCE_WAIT, FloatFacts, FloatOrder
from models.float_proof import Balances, Proof
from models.float_purchase import FloatState
from models.ids import instruction_id, originator_reference
from models.lifecycle import AttemptState
from models.messages import Notice
from models.reading import ProviderReport
from models.saga import Instruct
from workflows.leg import Leg
from workflows.leg_plan import Ears, Plan
from workflows.policies import ASKS, ordinary
from workflows.saga import Change, Saga


class FloatRun:
    """The run's memory. What is not written is not believed; the rows remember the rest."""

    def __init__(self, order: FloatOrder) -> None:
        self.order = order
        title = f"{order.saga.org_id}, float {order.amount} for {order.short_code}"
        self.saga = Saga(order.saga, FloatState.OTP_PENDING, title)
        self.ears = Ears()
        self.proof = Proof()
        self.now: Balances | None = None
        self.decisions: list[FloatDecision] = []
        self.out: str | None = None

    async def facts(self, now: Balances | None = None) -> FloatFacts:
        """What the rows remember of it, and what was paid until the balances of `now`."""
        return await workflow.execute_activity_method(
            FloatWatching.facts,
            args=[self.order.saga, now.at if now else None],
            **ordinary(ASKS, "recall what is written"),
        )

    def instruct(self, rail: str, facts: FloatFacts) -> Instruct:
        """The open instruction of a rail, or the next one."""
        number = facts.number(rail)
        named = instruction_id(self.order.saga.id, rail, number)
        return Instruct(
            id=named,
            rail=rail,
            number=number,
            our_reference=originator_reference(named),
            state=AttemptState.CREATED,
            amount=self.order.amount,
        )

    def intent(self, told: Instruct, sending: FloatState, sends: int) -> Intent:
        """One sending of it."""
        return Intent(
            saga=self.order.saga,
            instruction_id=told.id,
            rail=told.rail,
            number=told.number,
            our_reference=told.our_reference,
            believes=self.saga.state,
            sending=sending,
            amount=told.amount,
            sends=sends,
        )

    def on_statement(self, told: Instruct, account: str) -> StatementLook:
        """Where its money would show."""
        return StatementLook(
            saga=self.order.saga,
            instruction_id=told.id,
            our_reference=told.our_reference,
            account=account,
            amount=self.order.amount,
        )

    async def carry(self, plan: Plan) -> tuple[Instruct, ProviderReport] | None:
        """The final word, and how it leaves the instruction; None where the row stands beyond."""
        leg = Leg(self.saga, self.ears, plan, self.order.wait_scale)
        self.out = plan.instruct.id
        report = await leg.carry()
        self.out = None
        return None if report is None else (leg.ending(report), report)

    async def balances(self) -> Balances | None:
        """Ask, and wait a while for the answer, which comes by callback."""
        for _ in range(BALANCE_QUESTIONS):
            self.now = None
            asked = await workflow.execute_activity_method(
                FloatWatching.measure, self.order.saga, **ordinary(ASKS, "ask M-Pesa for balances")
            )
            if not asked:
                return None
            try:
                await workflow.wait_condition(
                    lambda: self.now is not None, timeout=self.scaled(BALANCE_WAIT)
                )
            except TimeoutError:
                continue
            return self.now
        return None

    async def word(self) -> FloatDecision | None:
        """Wait for the word of two people; None where something else was said, and kept."""
        await workflow.wait_condition(lambda: bool(self.decisions) or bool(self.ears.heard))
        if not self.ears.heard:
            return self.decisions[0]
        report = self.ears.heard[0]
        try:
            await self.saga.write(Change(evidence=(report,)))
        finally:
            self.ears.heard.remove(report)
        return None

    def refused(self, why: str) -> Notice:
        """What the partner's people are told when nothing was bought."""
        return Notice(
            event="float_refused",
            key=f"{self.order.saga.id}/refused",
            facts={
                "amount": str(self.order.amount),
                "short_code": self.order.short_code,
                "reason": why,
            },
        )

    def scaled(self, seconds: float) -> timedelta:
        """A wait, shortened in tests."""
        return timedelta(seconds=seconds * self.order.wait_scale)


def why(report: ProviderReport) -> str:
    """A refusal in words for people: the other side's own, else ours."""
    said = report.reading
    return said.provider_message or str(said.reason or report.verdict)
