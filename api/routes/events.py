"""Events: what merchants were told, in order per object."""

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.choices import TOLD_OF, EventType
from api.deps import EventReader, Wired
from api.errors import NotFound
from api.lists import Paging, Text, id_of, listed
from api.naming import named
from api.queries import pages
from api.rendering import event_object
from api.schemas.events import Event, EventList
from api.schemas.problems import refusals
from models import ids

router = APIRouter(prefix="/v1/events", tags=["events"])

_ONE = "select * from events where id = %s"


@router.get("", response_model=EventList, responses=refusals(400))
async def list_events(
    caller: EventReader,
    parts: Wired,
    paging: Paging,
    type: EventType | None = None,  # noqa: A002 - the name on the wire
    object: Text = None,  # noqa: A002 - the name on the wire
) -> Response:
    """Events, newest first; `object` is the id of what they are about."""
    about = None if object is None else id_of(TOLD_OF, object, "object")
    wanted = paging.wanted(ids.EVENT, type=type, object=about)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "events", wanted)
    return answer(listed(page, [event_object(row) for row in page.rows]))


@router.get("/{event}", response_model=Event, responses=refusals(404))
async def read_event(event: str, caller: EventReader, parts: Wired) -> Response:
    """One event."""
    event_id = named(ids.EVENT, event, "event")
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await (await connection.execute(_ONE, [event_id])).fetchone()
    if row is None:
        raise NotFound("there is no such event")
    return answer(event_object(row))
