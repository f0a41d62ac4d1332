"""A session told at every change, by server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from uuid import UUID

from api.errors import RateLimited
from api.keys import Caller
from api.parts import Parts
from api.queries.views import Rows
from api.waiting import session_of
from models.lifecycle import CheckoutState

_HEARTBEAT, _LONGEST = 15.0, 900.0


def check_room(open_streams: set[object], most: int) -> None:
    """Raises RateLimited when this process holds as many streams open as it may."""
    if len(open_streams) >= most:
        raise RateLimited("too many streams", headers={"Retry-After": "5"})


async def changes(
    parts: Parts,
    caller: Caller,
    rows: Rows,
    *,
    tell: Callable[[Rows], bytes],
    open_streams: set[object],
    every: float,
) -> AsyncIterator[bytes]:
    """What `tell` says of the session, whenever it says something else, until the session is final.

    Fifteen minutes at most; `every` seconds between two looks.
    """
    token, until = object(), time.monotonic() + _LONGEST
    checkout_id: UUID = rows.checkout["id"]
    open_streams.add(token)
    try:
        told, spoke = b"", time.monotonic()
        while True:
            now, document = time.monotonic(), tell(rows)
            if document != told:
                told, spoke = document, now
                yield b"event: checkout\ndata: " + document + b"\n\n"
            elif now - spoke >= _HEARTBEAT:
                spoke = now
                yield b": still here\n\n"
            if CheckoutState(rows.checkout["state"]).final or now >= until:
                return
            await asyncio.sleep(every)
            rows = await session_of(parts, caller, checkout_id)
    finally:
        open_streams.discard(token)
