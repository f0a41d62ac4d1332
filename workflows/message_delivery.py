"""An organisation's messages: send what is due, page by page, until nothing is."""

from temporalio import workflow

from activities.message_delivery import MessageDelivery
from models.delivery import DeliveryTotals, Page
from models.messages import WORKFLOW, MessageOrder
from workflows.draining import drain
from workflows.policies import DELIVERS_MESSAGES, ordinary


@workflow.defn(name=WORKFLOW)
class MessageDeliveryWorkflow:
    """One run per organisation and mode; the relay starts another when a message is due."""

    @workflow.run
    async def run(self, order: MessageOrder) -> DeliveryTotals:
        """Send pages until none is due."""

        async def page(number: int) -> Page:
            return await workflow.execute_activity_method(
                MessageDelivery.deliver, order, **ordinary(DELIVERS_MESSAGES, f"page {number}")
            )

        return await drain(order.so_far, page, order.continued)
