"""Sessions never confirmed expire by one schedule; no workflow waits for each of them."""

from temporalio import workflow

from activities.upkeep import Upkeep
from workflows.policies import WRITES, ordinary

NAME = "session-expiry"
SCHEDULE = "session-expiry"


@workflow.defn(name=NAME)
class SessionExpiryWorkflow:
    """One sweep over sessions past their expiry that nobody confirmed."""

    @workflow.run
    async def run(self) -> int:
        """How many sessions ended."""
        return await workflow.execute_activity_method(
            Upkeep.expire_sessions, **ordinary(WRITES, "expire sessions never confirmed")
        )
