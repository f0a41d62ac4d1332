"""A heartbeat while a call is out, so that a dead worker is noticed in seconds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

_SECONDS = 2.0


@asynccontextmanager
async def beating(every: float = _SECONDS) -> AsyncIterator[None]:
    """Heartbeat every so many seconds until the block ends; a local activity has no need of it."""
    if activity.info().is_local:
        yield
        return
    beats = asyncio.create_task(_beat(every))
    try:
        yield
    finally:
        beats.cancel()


async def _beat(every: float) -> None:
    """Not at once: most calls end before the first beat, and each is a write at the server."""
    while True:
        await asyncio.sleep(every)
        activity.heartbeat()
