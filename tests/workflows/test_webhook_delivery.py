"""The workflow of one endpoint: drains what is due and ends; never two runs at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer, Worker

from models import ids
from models.delivery import DeliveryOrder, DeliveryTotals, Page
from runtime.database import Database
from runtime.sandbox import workflow_runner
from runtime.settings import Settings
from runtime.temporal import data_converter
from runtime.wake import ENDPOINTS, Waker
from workflows.queues import NOTICES
from workflows.webhook_delivery import WebhookDeliveryWorkflow


class Pages:
    """Gives the pages of a script, then empty ones; an exception in it is raised once."""

    def __init__(self, *script: Page | Exception) -> None:
        self._script = list(script)
        self.asked: list[str] = []

    @activity.defn(name="notices.deliver")
    async def deliver(self, order: DeliveryOrder) -> Page:
        self.asked.append(order.endpoint_id)
        page = self._script.pop(0) if self._script else Page()
        if isinstance(page, Exception):
            raise page
        return page


@asynccontextmanager
async def a_worker(
    environment: WorkflowEnvironment, pages: Pages, queue: str
) -> AsyncIterator[None]:
    worker = Worker(
        environment.client,
        task_queue=queue,
        workflows=[WebhookDeliveryWorkflow],
        activities=[pages.deliver],
        workflow_runner=workflow_runner(),
    )
    async with worker:
        yield


async def drained(
    environment: WorkflowEnvironment, pages: Pages
) -> tuple[WorkflowHandle[Any, DeliveryTotals], DeliveryTotals]:
    queue = f"notices-{uuid4()}"
    async with a_worker(environment, pages, queue):
        handle = await environment.client.start_workflow(
            WebhookDeliveryWorkflow.run,
            DeliveryOrder(endpoint_id="we_1"),
            id=f"we-{uuid4()}",
            task_queue=queue,
        )
        return handle, await handle.result()


async def test_pages_are_delivered_until_none_is_due(temporal: WorkflowEnvironment) -> None:
    pages = Pages(Page(delivered=20, more=True), Page(delivered=3, failed=2))
    _, totals = await drained(temporal, pages)
    assert totals == DeliveryTotals(pages=2, delivered=23, failed=2)
    assert pages.asked == ["we_1", "we_1"]


async def test_a_page_that_breaks_is_tried_again(temporal: WorkflowEnvironment) -> None:
    pages = Pages(ConnectionError("the database is away"), Page(delivered=1))
    _, totals = await drained(temporal, pages)
    assert (totals.delivered, len(pages.asked)) == (1, 2)


async def test_a_page_costs_six_history_events_at_most(temporal: WorkflowEnvironment) -> None:
    handle, _ = await drained(temporal, Pages(*[Page(delivered=20, more=True)] * 9))
    history = await handle.fetch_history()
    assert len(history.events) <= 5 + 6 * 10


async def test_a_history_replays_and_names_no_merchant(
    temporal: WorkflowEnvironment, settings: Settings
) -> None:
    handle, _ = await drained(temporal, Pages(Page(delivered=1, more=True)))
    history = await handle.fetch_history()
    replayer = Replayer(
        workflows=[WebhookDeliveryWorkflow],
        workflow_runner=workflow_runner(),
        data_converter=data_converter(settings),
    )
    await replayer.replay_workflow(history)
    completed = [
        event.event_type
        for event in history.events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
    ]
    assert len(completed) == 2
    assert "we_1" not in history.to_json()


async def test_a_cancelled_run_ends_without_claiming_anything(
    temporal: WorkflowEnvironment,
) -> None:
    queue = f"notices-{uuid4()}"
    handle = await temporal.client.start_workflow(
        WebhookDeliveryWorkflow.run,
        DeliveryOrder(endpoint_id="we_1"),
        id=f"we-{uuid4()}",
        task_queue=queue,
    )
    await handle.cancel()
    pages = Pages()
    async with a_worker(temporal, pages, queue):
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    assert pages.asked == []


class Clock:
    """Seconds the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def endpoint(urls: Any) -> UUID:
    """An endpoint with one due message of one object and one that waits behind it."""
    org, made, thing = ids.uuid7(), ids.uuid7(), ids.uuid7()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("update webhook_endpoints set state = 'disabled'")
        connection.execute("insert into orgs (id, kind, name) values (%s, 'merchant', 'A')", [org])
        connection.execute(
            "insert into webhook_endpoints (id, org_id, livemode, url, secret_sealed)"
            " values (%s, %s, false, 'https://shop.example/', '')",
            [made, org],
        )
        for sequence in (1, 2):
            connection.execute(
                "insert into events (id, org_id, livemode, type, object_id, sequence, step, data)"
                " values (%s, %s, false, 'payment.created', %s, %s, %s, '{}')",
                [ids.uuid7(), org, thing, sequence, str(ids.uuid7())],
            )
    return made


async def test_a_due_endpoint_is_woken_once_however_often_we_look(
    temporal: WorkflowEnvironment, database: Database, endpoint: UUID
) -> None:
    clock = Clock()
    waker = Waker(database, temporal.client, ENDPOINTS, clock=clock)
    first, again = await waker.wake_due(), await waker.wake_due()
    clock.now += 2
    later = await waker.wake_due()
    handle = temporal.client.get_workflow_handle(ids.shown(ids.ENDPOINT, endpoint))
    history = await handle.fetch_history()
    started = history.events[0].event_type
    await handle.terminate()
    assert (first, again, later) == (1, 0, 1)
    assert started == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
    assert len(history.events) == 2  # started and its first task: joining added nothing


async def test_an_endpoint_is_woken_again_after_its_run_has_ended(
    temporal: WorkflowEnvironment, database: Database, endpoint: UUID
) -> None:
    clock, pages = Clock(), Pages()
    waker = Waker(database, temporal.client, ENDPOINTS, clock=clock)
    handle = temporal.client.get_workflow_handle(ids.shown(ids.ENDPOINT, endpoint))
    async with a_worker(temporal, pages, NOTICES):
        for _ in range(2):
            await waker.wake_due()
            await handle.result()
            clock.now += 2
    assert pages.asked == [handle.id, handle.id]


async def test_a_parked_message_wakes_nobody_and_neither_do_those_behind_it(
    temporal: WorkflowEnvironment, database: Database, endpoint: UUID, urls: Any
) -> None:
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute(
            "update deliveries set next_at = now() + interval '1 hour' where sequence = 1"
        )
    assert await Waker(database, temporal.client, ENDPOINTS).wake_due() == 0
