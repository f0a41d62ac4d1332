"""The lender of a sweep: enrolled, its wallet full, told of loans at once by its Mifos X."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx

from cli.demo.client import DemoClient, Keys
from cli.demo.vault import bank, office
from cli.demo.vault.lenders import LENDERS, enrol
from cli.demo.vault.told import Player
from cli.seed import mint_key, seed_partner
from cli.sweep.world import World
from models import ids

_PLENTY = 500_000_000
_PATIENCE = 90.0
T = TypeVar("T")


@asynccontextmanager
async def lending(world: World) -> AsyncIterator[Player]:
    """One lender with everything it needs. Raises NotEnrolled."""
    urls, settings = world.stack.urls, world.stack.settings()
    org, key = seed_partner(urls.database, LENDERS[0].name)
    first, second = (
        mint_key(urls.database, ids.PLATFORM_ORG, principal=name, scopes=("operator",))
        for name in ("op.amina", "op.brian")
    )
    keys = Keys(merchant=key, operator=first, approver=second)
    async with DemoClient(urls.api, urls.simulators, keys) as client:
        user = await enrol(client, LENDERS[0])
        player = Player(
            lender=LENDERS[0], client=client, org=ids.shown(ids.ORG, org), approver=user["id"]
        )
        await bank.register(player.client, urls.api, settings.callback_secret)
        await office.hook(player, urls.api, settings.callback_secret)
        await client.post("/v1/collections/register")
        await bank.top_up(player, _PLENTY, form="xml")
        yield player


async def again(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until it is answered: API and database may be dead just now. Raises TimeoutError."""
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                return await ask()
            except httpx.HTTPStatusError as error:
                if error.response.status_code < 500:
                    raise
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
