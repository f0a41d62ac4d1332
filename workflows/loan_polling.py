"""Looking for approved loans: every few minutes by a schedule per partner, and when told of one."""

from temporalio import workflow

from activities.loan_polling import LoanPolling
from models.loan_calls import HintOrder, Polled, PollOrder
from workflows.policies import POLLS, ordinary

POLL, HINT = "loan-polling", "loan-hint"


def schedule_id(order: PollOrder) -> str:
    """One schedule per partner and mode."""
    return f"{POLL}/{order.org_id}/{'live' if order.livemode else 'test'}"


@workflow.defn(name=POLL)
class LoanPollingWorkflow:
    """One round over a partner's approved loans. A round that fails is made up by the next."""

    @workflow.run
    async def run(self, order: PollOrder) -> Polled:
        """What the round did."""
        return await workflow.execute_activity_method(
            LoanPolling.poll, order, **ordinary(POLLS, "go through approved loans")
        )


@workflow.defn(name=HINT)
class LoanHintWorkflow:
    """One loan is looked at out of turn; were it to fail, the next poll sees the same."""

    @workflow.run
    async def run(self, order: HintOrder) -> Polled:
        """What the look did."""
        return await workflow.execute_activity_method(
            LoanPolling.hint, order, **ordinary(POLLS, f"look at loan {order.loan_id}")
        )
