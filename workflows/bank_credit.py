"""A credit the bank told us of: to the saga it is for or came back to, or into suspense."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from activities.bank_credits import BankCredits
from models.bank_credit import BANK_CREDIT, BankCreditOrder, Owner
from models.late import LateOrder
from models.saga import REPORTED
from workflows.late_weighing import weighed
from workflows.policies import WRITES, ordinary

#: A top-up was accepted and does not run yet: the relay starts it within seconds.
_SOON = timedelta(seconds=5)
#: Words after which a saga that has ended has not booked it.
_NOT_BOOKED = frozenset({"case", "unknown instruction"})


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
            if owner is not None and owner.hears and await self._told(owner):
                return "told"
            if owner is None or not owner.open:
                return await self._unheard(owner)
            await workflow.sleep(_SOON)

    async def _told(self, owner: Owner) -> bool:
        """True when the running saga has it: from then on it is its to weigh."""
        handle = workflow.get_external_workflow_handle(owner.saga.id)
        try:
            await handle.signal(REPORTED, self._order.report(owner))
        except ApplicationError:  # not running: it ended a moment ago, or has not begun
            return False
        return True

    async def _unheard(self, owner: Owner | None) -> str:
        """Nobody waits for it: our own that came back is weighed for its saga, the rest is held.

        A move that came back and has ended is booked as back, or never left the books: `known`.
        """
        if owner is None or not (owner.back or owner.about):
            return await self._suspend(owner)
        if owner.about is None:
            return "known"
        late = LateOrder(saga=owner.saga, report=self._order.report(owner))
        word = await weighed(late, f"weigh what came back for {owner.saga.kind}")
        return await self._suspend(None) if word in _NOT_BOOKED else word

    async def _suspend(self, owner: Owner | None) -> str:
        return await workflow.execute_activity_method(
            BankCredits.suspend,
            args=[self._order, owner.saga if owner else None],
            **ordinary(WRITES, "hold it in suspense, with a case"),
        )
