"""Sagas of the vault for readers: one, many, and the story of one. The same for every kind."""

from typing import Any
from uuid import UUID

from api.errors import NotFound
from api.keys import Caller
from api.lists import listed
from api.naming import named
from api.parts import Parts
from api.queries import pages, saga_timelines
from api.queries.pages import Wanted
from models.saga import SagaKind
from models.saga_view import PREFIXES, saga_object

_ONE = "select * from sagas where kind = %s and id = %s"


def saga_uuid(kind: SagaKind, text: str) -> UUID:
    """The UUID behind a public id; raises NotFound for any other text."""
    return named(PREFIXES[kind], text, kind)


async def one(parts: Parts, caller: Caller, kind: SagaKind, text: str) -> dict[str, Any]:
    """One saga of the caller's organisation. Raises NotFound."""
    return saga_object(await saga_row(parts, caller, kind, text))


async def listed_sagas(
    parts: Parts, caller: Caller, kind: SagaKind, wanted: Wanted
) -> dict[str, Any]:
    """A page of one kind, newest first."""
    filtered = {**wanted.filters, "kind": str(kind)}
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "sagas", wanted.narrowed(filtered))
    return listed(page, [saga_object(row) for row in page.rows])


async def timeline(parts: Parts, caller: Caller, kind: SagaKind, text: str) -> dict[str, Any]:
    """Everything that happened to a saga, oldest first. Raises NotFound."""
    row = await saga_row(parts, caller, kind, text)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        items = await saga_timelines.items(connection, row)
    return {"object": "timeline", str(kind): text, "data": items}


async def saga_row(parts: Parts, caller: Caller, kind: SagaKind, text: str) -> Any:
    """The row of one saga of the caller's organisation. Raises NotFound."""
    wanted = [str(kind), saga_uuid(kind, text)]
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await (await connection.execute(_ONE, wanted)).fetchone()
    if row is None:
        raise NotFound(f"there is no such {kind}")
    return row
