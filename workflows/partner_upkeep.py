"""Partners once a day: their products are looked at again, and passwords that will end told."""

from temporalio import workflow

from activities.partner_upkeep import PartnerUpkeep
from workflows.policies import ERASES, WRITES, ordinary

NAME = "partner-upkeep"


@workflow.defn(name=NAME)
class PartnerUpkeepWorkflow:
    """One round over all partners."""

    @workflow.run
    async def run(self) -> int:
        """How many lenders answered."""
        await workflow.execute_activity_method(
            PartnerUpkeep.warn_of_passwords, **ordinary(WRITES, "warn of passwords that will end")
        )
        return await workflow.execute_activity_method(
            PartnerUpkeep.sync_products, **ordinary(ERASES, "ask every lender for its products")
        )
