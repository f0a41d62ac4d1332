"""A payment that waits for people for long goes on in a new run, and knows what it needs."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from cli.stack import resolver
from models.collection_decisions import CollectionWord
from models.reading import Reading, Reason, Verdict
from runtime.settings import Settings
from runtime.temporal import data_converter
from tests.workflows.collection_fakes import World, a_world, an_order, decided
from workflows.attributes import MODE, ORG, PROVIDER, STATUS

LOCKED = Reading(verdict=Verdict.REFUSED, reason=Reason.LOCKED, retryable=True)
NO = Reading(verdict=Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
#: The server asks for a new run once a history is longer than this.
SOON = "limit.historyCount.suggestContinueAsNew=20"


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """As the others', on a server that finds histories long early."""
    async with await WorkflowEnvironment.start_local(
        dev_server_existing_path=str(resolver.temporal(print)),
        dev_server_log_level="error",
        dev_server_extra_args=["--dynamic-config-value", SOON],
        search_attributes=[STATUS, PROVIDER, ORG, MODE],
    ) as server:
        host = server.client.service_client.config.target_host
        client = await Client.connect(host, data_converter=data_converter(settings))
        async with a_world(client) as opened:
            yield opened


async def runs(world: World) -> int:
    """How many runs there are of it."""
    named = f'WorkflowId = "{world.handle.id}"'
    return len([one async for one in world.client.list_workflows(named)])


async def test_a_run_that_goes_on_in_suspense_posts_under_keys_not_used_before(
    world: World,
) -> None:
    world.books.answers = [LOCKED, LOCKED, NO]
    await world.start(an_order())
    await world.reaches("suspense")
    await world.decide(decided(CollectionWord.ALLOCATE, account="L12"))
    assert await world.handle.result() == "posted"
    assert await runs(world) > 1
    assert len({told.idempotency_key for told in world.books.told}) == 4
