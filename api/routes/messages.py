"""Messages: what became of them, one by one and counted."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from activities import languages
from api.answers import answer
from api.choices import WRITTEN_OF, Letter
from api.deps import MessageReader, PartnerWriter, Wired
from api.idempotency import once
from api.keys import Caller
from api.lists import Paging, Text, id_of, listed
from api.methods import wrong
from api.queries import messages as queries
from api.queries import pages
from api.schemas.messages import LanguagesRequest, LanguagesView, MessageList, MessageReport
from api.schemas.problems import refusals
from models import ids
from models.messages import Channel, Languages, MessageState
from models.moments import moment
from runtime.database import Connection

router = APIRouter(prefix="/v1", tags=["messages"])

_A_MONTH = timedelta(days=30)
_LONGEST = timedelta(days=400)
#: No message is older; and near the ends of time UTC has no such day.
_FIRST, _LAST = 2000, 9000
Address = Annotated[
    str | None,
    Query(max_length=254, description="The whole number or mailbox; the plus may be left out."),
]
Since = Annotated[AwareDatetime | None, Query(alias="from", description="Default: 30 days ago.")]
Until = Annotated[AwareDatetime | None, Query(description="Not included. Default: now.")]


@router.get("/messages", response_model=MessageList, responses=refusals(400))
async def list_messages(
    caller: MessageReader,
    parts: Wired,
    paging: Paging,
    *,
    event: Letter | None = None,
    status: MessageState | None = None,
    channel: Channel | None = None,
    about: Text = None,
    to: Address = None,
) -> Response:
    """Messages, newest first; `about` is the id of what they concern."""
    if about is not None:
        id_of(WRITTEN_OF, about, "about")
    address = None
    if to is not None:
        address = await parts.vault.lookup(
            caller.org, livemode=caller.livemode, value=to.strip().removeprefix("+")
        )
    wanted = paging.wanted(
        ids.MESSAGE, event=event, status=status, channel=channel, about=about, to=address
    )
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "messages", wanted)
    return answer(listed(page, [queries.message_object(row) for row in page.rows]))


@router.get("/messages/languages", response_model=LanguagesView, responses=refusals())
async def read_languages(caller: MessageReader, parts: Wired) -> Response:
    """In which languages your people and your clients are written to."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return await _languages(connection, caller)


@router.put("/messages/languages", response_model=LanguagesView, responses=refusals(400, 409, 422))
async def set_languages(
    body: LanguagesRequest, request: Request, caller: PartnerWriter
) -> Response:
    """Choose them. What waits to be sent stays as it was worded."""

    async def act(connection: Connection) -> Response:
        clients = body.clients or body.people
        await languages.choose(connection, Languages(people=body.people, clients=clients))
        return await _languages(connection, caller)

    response, _done = await once(request, caller, act)
    return response


async def _languages(connection: Connection, caller: Caller) -> Response:
    told = await languages.chosen(connection)
    return answer(
        {
            "object": "message_languages",
            "people": told.people,
            "clients": told.clients,
            "livemode": caller.livemode,
        }
    )


@router.get("/reports/messages", response_model=MessageReport, responses=refusals(400))
async def report_messages(
    caller: MessageReader, parts: Wired, since: Since = None, to: Until = None
) -> Response:
    """Messages counted by event, channel, gateway and status."""
    until = to or datetime.now(UTC)
    since = since or until - _A_MONTH
    if not _FIRST < since.year < _LAST or not timedelta() < until - since <= _LONGEST:
        raise wrong("query/from", f"before `to`, and at most {_LONGEST.days} days before it")
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await queries.counts(connection, since, until)
    counted = [queries.count_object(row) for row in rows]
    return answer(
        {
            "object": "message_report",
            "from": moment(since),
            "to": moment(until),
            "data": counted,
        }
    )
