"""The workflow of one organisation's messages: drains what is due; woken when something is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from temporalio import activity
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from models import ids
from models.delivery import DeliveryTotals, Page
from models.messages import MessageOrder
from runtime.database import Database
from runtime.sandbox import workflow_runner
from runtime.wake import MESSAGES, Waker
from workflows.message_delivery import MessageDeliveryWorkflow
from workflows.queues import NOTICES

_ROW = """
insert into messages (id, org_id, livemode, event, class, channel, language, to_sealed, to_lookup,
  to_masked, about, dedupe_key, state, next_at, expires_at)
values (%s, %s, false, 'otp', 'otp', 'sms', 'en', '', %s, '', 'fp_1', 'fp_1/otp', %s,
  now() + %s::interval, now() + interval '5 minutes')"""


class Pages:
    """Gives the pages of a script, then empty ones; an exception in it is raised once."""

    def __init__(self, *script: Page | Exception) -> None:
        self._script = list(script)
        self.asked: list[MessageOrder] = []

    @activity.defn(name="messages.deliver")
    async def deliver(self, order: MessageOrder) -> Page:
        self.asked.append(order)
        page = self._script.pop(0) if self._script else Page()
        if isinstance(page, Exception):
            raise page
        return page


@asynccontextmanager
async def a_worker(
    environment: WorkflowEnvironment, pages: Pages, queue: str
) -> AsyncIterator[None]:
    async with Worker(
        environment.client,
        task_queue=queue,
        workflows=[MessageDeliveryWorkflow],
        activities=[pages.deliver],
        workflow_runner=workflow_runner(),
    ):
        yield


async def drained(environment: WorkflowEnvironment, pages: Pages) -> DeliveryTotals:
    queue = f"messages-{uuid4()}"
    async with a_worker(environment, pages, queue):
        order = MessageOrder(org_id="org_1", livemode=False)
        return await environment.client.execute_workflow(
            MessageDeliveryWorkflow.run, order, id=queue, task_queue=queue
        )


async def test_pages_are_sent_until_none_is_due(temporal: WorkflowEnvironment) -> None:
    pages = Pages(Page(delivered=20, more=True), Page(delivered=3, failed=2))
    totals = await drained(temporal, pages)
    assert totals == DeliveryTotals(pages=2, delivered=23, failed=2)
    assert {order.org_id for order in pages.asked} == {"org_1"}


async def test_a_page_that_breaks_is_tried_again(temporal: WorkflowEnvironment) -> None:
    pages = Pages(ConnectionError("the database is away"), Page(delivered=1))
    totals = await drained(temporal, pages)
    assert (totals.delivered, len(pages.asked)) == (1, 2)


@pytest.fixture
def org(urls: Any) -> UUID:
    """An organisation without messages; nobody else has any."""
    made = ids.uuid7()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("delete from messages")
        connection.execute("insert into orgs (id, kind, name) values (%s, 'partner', 'A')", [made])
    return made


def a_message(urls: Any, org: UUID, *, state: str = "queued", waits: str = "0 seconds") -> None:
    values = [ids.uuid7(), org, ids.uuid7().bytes, state, waits]
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute(_ROW, values)


async def test_an_organisation_with_messages_due_is_woken_once(
    temporal: WorkflowEnvironment, database: Database, org: UUID, urls: Any
) -> None:
    a_message(urls, org)
    a_message(urls, org)
    waker, pages = Waker(database, temporal.client, MESSAGES, clock=lambda: 0.0), Pages()
    async with a_worker(temporal, pages, NOTICES):
        first, again = await waker.wake_due(), await waker.wake_due()
        handle = temporal.client.get_workflow_handle(f"messages/{ids.shown(ids.ORG, org)}/test")
        await asyncio.wait_for(handle.result(), 60)
    assert (first, again) == (1, 0)
    assert pages.asked == [MessageOrder(org_id=ids.shown(ids.ORG, org), livemode=False)]


@pytest.mark.parametrize(
    ("state", "waits"), [("queued", "1 hour"), ("submitted", "0 seconds"), ("sending", "1 minute")]
)
async def test_what_waits_or_is_done_wakes_nobody(
    temporal: WorkflowEnvironment,
    database: Database,
    org: UUID,
    urls: Any,
    *,
    state: str,
    waits: str,
) -> None:
    a_message(urls, org, state=state, waits=waits)
    assert await Waker(database, temporal.client, MESSAGES).wake_due() == 0
