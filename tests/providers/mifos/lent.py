"""Our client of a simulated lender, and simulators quick enough for tests."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from providers.mifos.client import MifosClient
from providers.mifos.connection import MifosKeys
from simulators.settings import Settings
from tests.simulators.lenders import BASE, Lender
from tests.simulators.peers import World, a_world


def a_quick_world() -> AbstractAsyncContextManager[World]:
    """Simulators twenty times faster than by default."""
    return a_world(Settings(speed=0.05))


@asynccontextmanager
async def a_client(lender: Lender) -> AsyncIterator[MifosClient]:
    """Our client of that tenant, on a real socket."""
    keys = MifosKeys(
        base_url=f"{lender.world.base}{BASE}",
        tenant=lender.tenant,
        user=lender.user,
        password=lender.password,
    )
    opened = MifosClient(keys)
    try:
        yield opened
    finally:
        await opened.aclose()
