"""A heartbeat while a call is out, so that a dead worker is noticed in seconds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity

_SECONDS = 2.0


@asynccontextmanager
async def beating() -> AsyncIterator[None]:
    """Heartbeat every two seconds until the block ends; a local activity has no need of it."""
    if activity.info().is_local:
        yield
        return
    beats = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beats.cancel()


async def _beat() -> None:
    while True:
        activity.heartbeat()
        await asyncio.sleep(_SECONDS)
