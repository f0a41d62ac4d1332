"""The same shape as a paid MTN checkout, and nothing in it: what Temporal itself costs.

One ordinary activity, one timer cancelled by one signal, two local activities, one search
attribute at the end. Policies, summaries and details as workflows/checkout.py has them.
"""

from datetime import timedelta

from temporalio import workflow

from workflows.attributes import STATUS
from workflows.policies import ASKS_QUICKLY, MOVES_MONEY, WRITES_LOCALLY, local, ordinary

with workflow.unsafe.imports_passed_through():
    from benchmarks.bare_steps import Order, ask, call, write

NAME = "bare"
QUEUE = "bare"
SAID = "said"
_PATIENCE = timedelta(seconds=60)


@workflow.defn(name=NAME)
class BareWorkflow:
    """Call, wait for one message, two local steps, done."""

    @workflow.init
    def __init__(self, order: Order) -> None:
        self._summary = f"order {order.number}"
        self._said = False

    @workflow.signal(name=SAID)
    def said(self, message: Order) -> None:
        """The message awaited."""
        self._said = message.number >= 0

    @workflow.run
    async def run(self, order: Order) -> Order:
        """The order, when all is done."""
        await workflow.execute_activity(call, order, **ordinary(MOVES_MONEY, self._summary))
        workflow.set_current_details(self._summary)
        await workflow.wait_condition(lambda: self._said, timeout=_PATIENCE)
        await workflow.execute_local_activity(ask, order, **local(ASKS_QUICKLY, self._summary))
        await workflow.execute_local_activity(write, order, **local(WRITES_LOCALLY, self._summary))
        workflow.upsert_search_attributes([STATUS.value_set("succeeded")])
        return order
