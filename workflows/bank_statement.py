"""Every few minutes the pool account's statement is gone through for credits nobody told of."""

from temporalio import workflow

from activities.bank_statements import BankStatements
from workflows.policies import ASKS_NOW_AND_THEN, ordinary

FOLLOW = "bank-statement"


@workflow.defn(name=FOLLOW)
class BankStatementWorkflow:
    """One look; a schedule takes the next."""

    @workflow.init
    def __init__(self) -> None:
        self._summary = "go through the statement of the pool account"

    @workflow.run
    async def run(self) -> int:
        """How many credits were new."""
        return await workflow.execute_activity_method(
            BankStatements.follow, **ordinary(ASKS_NOW_AND_THEN, self._summary)
        )
