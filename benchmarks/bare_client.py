"""`python -m benchmarks.bare_client RATE SECONDS PAUSE`: start open loop, signal after a pause.

Each start is due at its own moment, whether or not earlier ones are answered. Prints how many
were started; exits 1 if a call failed.
"""

import asyncio
import sys
import time

import uvloop
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)

from benchmarks.bare_steps import Order
from benchmarks.bare_workflow import NAME, QUEUE, SAID
from runtime import temporal
from runtime.settings import Settings
from workflows.attributes import MODE, ORG, PROVIDER, STATUS

_ATTRIBUTES = TypedSearchAttributes(
    [
        SearchAttributePair(STATUS, "processing"),
        SearchAttributePair(PROVIDER, "momo"),
        SearchAttributePair(ORG, "org_bare"),
        SearchAttributePair(MODE, "test"),
    ]
)


async def run(rate: float, seconds: float, pause: float) -> None:
    """Offer `rate` a second for `seconds`, and see every one of them signalled."""
    client = await temporal.connect(Settings())
    first = time.time() + 0.1
    orders = [Order(number=n, due=first + n / rate) for n in range(int(rate * seconds))]
    async with asyncio.TaskGroup() as group:
        for order in orders:
            await asyncio.sleep(max(0.0, order.due - time.time()))
            group.create_task(_one(client, order, pause))
    print(len(orders))


async def _one(client: Client, order: Order, pause: float) -> None:
    handle = await client.start_workflow(
        NAME,
        order,
        id=f"bare_{order.due}_{order.number}",
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        search_attributes=_ATTRIBUTES,
        static_summary="bare",
    )
    await asyncio.sleep(pause)
    await handle.signal(SAID, order)


if __name__ == "__main__":
    uvloop.run(run(*map(float, sys.argv[1:4])))
