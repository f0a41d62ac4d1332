"""A rail that is down while one checkout is confirmed: maintenance, begun and called off."""

import asyncio

from cli.sweep.world import World
from models import ids

_BEGIN = """
insert into rail_windows (id, provider, operation, starts_at, ends_at, reason, actor)
values (%s, %s, 'collect', now(), now() + interval '1 hour', 'the sweep', 'op.sweep')"""
_END = """
update rail_windows set canceled_at = now(), canceled_by = 'op.sweep'
 where provider = %s and canceled_at is null"""
_DOWN = """
select 1 from rail_health where provider = %s and operation = 'collect' and state = 'maintenance'"""
#: Seconds until every process has seen where the rail stands.
_SEEN, _PATIENCE = 1.5, 30.0


async def begin(world: World, provider: str) -> None:
    """From now on the rail is down for everybody. Raises TimeoutError."""
    await _write(world, _BEGIN, ids.uuid7(), provider)
    async with asyncio.timeout(_PATIENCE):
        while not await _down(world, provider):  # noqa: ASYNC110 - another process moves it
            await asyncio.sleep(0.2)
    await asyncio.sleep(_SEEN)


async def end(world: World, provider: str) -> None:
    """It is back, by trials."""
    await _write(world, _END, provider)


async def _down(world: World, provider: str) -> bool:
    async with world.reading() as connection:
        return await (await connection.execute(_DOWN, [provider])).fetchone() is not None


async def _write(world: World, statement: str, *values: object) -> None:
    async with world.reading() as connection:
        await connection.execute(statement, values)
