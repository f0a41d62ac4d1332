"""A call that takes long shows that its worker lives; a short one costs the server nothing."""

import asyncio
import contextlib

from temporalio.testing import ActivityEnvironment

from activities.pulse import beating


async def beats(*, every: float, lasts: asyncio.Event | None = None) -> int:
    """How often a call beat; one with `lasts` lasts until that is set by its second beat."""
    heard: list[object] = []
    environment = ActivityEnvironment()

    def on_heartbeat(*details: object) -> None:
        heard.append(details)
        if lasts is not None and len(heard) == 2:
            lasts.set()

    environment.on_heartbeat = on_heartbeat

    async def call() -> None:
        async with beating(every):
            if lasts is not None:
                await lasts.wait()
            else:
                await asyncio.sleep(0)

    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(environment.run(call), timeout=60)
    return len(heard)


async def test_a_call_that_ends_at_once_beats_never() -> None:
    assert await beats(every=30.0) == 0


async def test_a_call_that_lasts_beats_again_and_again() -> None:
    assert await beats(every=0.01, lasts=asyncio.Event()) == 2
