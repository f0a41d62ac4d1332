"""A repayment entered at the lender by hand is read back, and the client told once."""

from datetime import timedelta

from temporalio import workflow

from activities.repayment_notices import RepaymentNotices
from models.repayment_hint import REPAYMENT_HINT, RepaymentHint
from workflows.policies import ASKS, ordinary

#: Later than this nobody is glad to hear of it.
_PATIENCE = timedelta(hours=12)


@workflow.defn(name=REPAYMENT_HINT)
class RepaymentHintWorkflow:
    """Started once per distinct hook."""

    @workflow.run
    async def run(self, hint: RepaymentHint) -> str:
        """What was done, in a word."""
        policy = ordinary(ASKS, f"read repayment {hint.transaction_id} back, and tell the client")
        policy["schedule_to_close_timeout"] = _PATIENCE
        return await workflow.execute_activity_method(RepaymentNotices.tell, hint, **policy)
