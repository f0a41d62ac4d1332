"""A merchant's endpoint: send what is due, page by page, until nothing is."""

from temporalio import workflow

from activities.deliveries import Deliveries
from models.delivery import WORKFLOW, DeliveryOrder, DeliveryTotals
from workflows.policies import DELIVERS, ordinary


@workflow.defn(name=WORKFLOW)
class WebhookDeliveryWorkflow:
    """One run drains one endpoint and ends; the relay starts another when a message is due.

    Which messages are due, and when a failed one comes again, stands in the database: a run
    holds no state worth keeping, so a lost run loses nothing.
    """

    @workflow.init
    def __init__(self, order: DeliveryOrder) -> None:
        self._order = order
        self._totals = order.so_far

    @workflow.run
    async def run(self, order: DeliveryOrder) -> DeliveryTotals:
        """Deliver pages until none is due."""
        while await self._deliver_a_page():
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(order.continued(self._totals))
        return self._totals

    async def _deliver_a_page(self) -> bool:
        page = await workflow.execute_activity_method(
            Deliveries.deliver,
            self._order,
            **ordinary(DELIVERS, f"page {self._totals.pages + 1}"),
        )
        self._totals = self._totals.plus(page)
        workflow.set_current_details(
            f"pages {self._totals.pages}, delivered {self._totals.delivered}, "
            f"failed and parked {self._totals.failed}"
        )
        return page.more
