"""A credit the bank told us of: to the top-up that waits for it, or into suspense."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.bank_credits import BankCredits
from models.bank_credit import BANK_CREDIT, BankCreditOrder, Owner
from models.saga import REPORTED
from workflows.policies import WRITES, ordinary

#: A top-up was accepted and does not run yet: the relay starts it within seconds.
_SOON = timedelta(seconds=5)


@workflow.defn(name=BANK_CREDIT)
class BankCreditWorkflow:
    """Started once per receipt and amount; its id names both."""

    @workflow.init
    def __init__(self, order: BankCreditOrder) -> None:
        self._order = order

    @workflow.run
    async def run(self, order: BankCreditOrder) -> str:
        """Tell the owner while it waits; what nobody waits for is held. Answers in one word."""
        while True:
            owner = await workflow.execute_activity_method(
                BankCredits.owner, order, **ordinary(WRITES, "whose is it, by our reference")
            )
            if owner is None or not owner.open:
                return await self._suspend(owner)
            if await self._told(owner):
                return "told"
            await workflow.sleep(_SOON)

    async def _told(self, owner: Owner) -> bool:
        """True when the running top-up has it: from then on it is its to weigh."""
        handle = workflow.get_external_workflow_handle(owner.saga.id)
        try:
            await handle.signal(REPORTED, self._order.report(owner.saga.id))
        except ApplicationError:  # not running: it ended a moment ago, or has not begun
            return False
        return True

    async def _suspend(self, owner: Owner | None) -> str:
        return await workflow.execute_activity_method(
            BankCredits.suspend,
            args=[self._order, owner.saga if owner else None],
            **ordinary(WRITES, "hold it in suspense, with a case"),
        )
