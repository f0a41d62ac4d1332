"""A simulated lender on a real socket, and our client of it."""

from collections.abc import AsyncIterator

import pytest_asyncio

from providers.mifos.client import MifosClient
from providers.mifos.connection import MifosKeys
from simulators.settings import Settings
from tests.simulators.lenders import BASE, Lender, a_lender
from tests.simulators.peers import World, a_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """Simulators twenty times faster than by default."""
    async with a_world(Settings(speed=0.05)) as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="module")
async def lender(world: World) -> Lender:
    """The default tenant, as it began."""
    return await a_lender(world)


@pytest_asyncio.fixture(loop_scope="module")
async def client(lender: Lender) -> AsyncIterator[MifosClient]:
    """Our client of that tenant."""
    keys = MifosKeys(
        base_url=f"{lender.world.base}{BASE}",
        tenant=lender.tenant,
        user=lender.user,
        password=lender.password,
    )
    opened = MifosClient(keys)
    yield opened
    await opened.aclose()
