"""How an accepted checkout is started, by API and relay alike."""

from models import ids
from models.checkout import WORKFLOW, CheckoutOrder
from runtime.dispatch import Start
from workflows.queues import CHECKOUTS


def checkout_start(order: CheckoutOrder) -> Start:
    """The start of a checkout's workflow: its id is the session's."""
    return Start(
        kind=WORKFLOW,
        workflow_id=order.checkout_id,
        queue=CHECKOUTS,
        order=order,
        org=order.org_id,
        provider=order.first.provider,
        livemode=order.livemode,
        summary=f"{order.amount} by {order.first.provider}",
        attempt=ids.parsed(ids.ATTEMPT, order.first.id),
    )
