"""Live status of a session by server-sent events."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from api.answers import rendered
from api.deps import Reader, Wired
from api.errors import RateLimited
from api.keys import Caller
from api.parts import Parts
from api.queries.views import Rows
from api.rendering import checkout_object
from api.schemas.problems import refusals
from api.waiting import checkout_uuid, session_of
from models.lifecycle import CheckoutState

router = APIRouter(prefix="/v1/checkouts", tags=["checkouts"])

#: Streams one process holds open at a time.
MOST = 200
_POLL, _HEARTBEAT, _LONGEST = 0.5, 15.0, 900.0
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}
}


@router.get(
    "/{checkout}/stream",
    response_class=StreamingResponse,
    responses={**_STREAM, **refusals(404)},
)
async def stream_checkout(
    checkout: str, request: Request, caller: Reader, parts: Wired
) -> Response:
    """The session at every change, as `event: checkout`, until it is final (15 minutes at most)."""
    first = await session_of(parts, caller, checkout_uuid(checkout))
    open_streams: set[object] = request.app.state.streams
    if len(open_streams) >= MOST:
        raise RateLimited("too many streams", headers={"Retry-After": "5"})
    changes = _changes(parts, caller, first, open_streams)
    return StreamingResponse(changes, media_type="text/event-stream")


async def _changes(
    parts: Parts, caller: Caller, rows: Rows, open_streams: set[object]
) -> AsyncIterator[bytes]:
    token, until = object(), time.monotonic() + _LONGEST
    checkout_id: UUID = rows.checkout["id"]
    open_streams.add(token)
    try:
        told, spoke = b"", time.monotonic()
        while True:
            now, document = time.monotonic(), rendered(checkout_object(*rows))
            if document != told:
                told, spoke = document, now
                yield b"event: checkout\ndata: " + document + b"\n\n"
            elif now - spoke >= _HEARTBEAT:
                spoke = now
                yield b": still here\n\n"
            if CheckoutState(rows.checkout["state"]).final or now >= until:
                return
            await asyncio.sleep(_POLL)
            rows = await session_of(parts, caller, checkout_id)
    finally:
        open_streams.discard(token)
