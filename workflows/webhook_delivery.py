"""A merchant's endpoint: send what is due, page by page, until nothing is."""

from temporalio import workflow

from activities.deliveries import Deliveries
from models.delivery import WORKFLOW, DeliveryOrder, DeliveryTotals, Page
from workflows.draining import drain
from workflows.policies import DELIVERS, ordinary


@workflow.defn(name=WORKFLOW)
class WebhookDeliveryWorkflow:
    """One run drains one endpoint and ends; the relay starts another when a message is due."""

    @workflow.run
    async def run(self, order: DeliveryOrder) -> DeliveryTotals:
        """Deliver pages until none is due."""

        async def page(number: int) -> Page:
            return await workflow.execute_activity_method(
                Deliveries.deliver, order, **ordinary(DELIVERS, f"page {number}")
            )

        return await drain(order.so_far, page, order.continued)
