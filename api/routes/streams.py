"""Live status of a session by server-sent events."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from api.answers import rendered
from api.changes import changes, check_room
from api.deps import Reader, Wired
from api.queries.views import Rows
from api.rendering import checkout_object
from api.schemas.problems import refusals
from api.waiting import checkout_uuid, session_of

router = APIRouter(prefix="/v1/checkouts", tags=["checkouts"])

#: Streams one process holds open at a time.
MOST = 200
_POLL = 0.5
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
    check_room(open_streams, MOST)

    def tell(rows: Rows) -> bytes:
        return rendered(checkout_object(*rows, url=parts.page_of(rows.checkout["id"])))

    told = changes(parts, caller, first, tell=tell, open_streams=open_streams, every=_POLL)
    return StreamingResponse(told, media_type="text/event-stream")
