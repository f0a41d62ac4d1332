"""Sessions never confirmed expire by one schedule; no workflow waits for each of them.

A second schedule, once a day, erases what is past its date.
"""

from temporalio import workflow

from activities.upkeep import Upkeep
from workflows.policies import ERASES, WRITES, ordinary

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


PURGE = "data-purge"


@workflow.defn(name=PURGE)
class DataPurgeWorkflow:
    """One round of erasing what is past its date."""

    @workflow.run
    async def run(self) -> int:
        """How many rows were touched."""
        return await workflow.execute_activity_method(
            Upkeep.purge, **ordinary(ERASES, "erase what is past its date")
        )
