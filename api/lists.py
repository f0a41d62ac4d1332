"""How lists are asked for and answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import AwareDatetime

from api.errors import Invalid
from api.methods import wrong
from api.queries.pages import Page, Wanted, cursor_of, read_cursor
from api.schemas.common import PRINTABLE
from models import ids

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str | None, Query(max_length=64, description="`next_cursor` of a page.")]
Place = Annotated[str | None, Query(max_length=40, description="An id to start from.")]
Moment = Annotated[AwareDatetime | None, Query(description="RFC 3339, with its zone.")]
Text = Annotated[str | None, Query(max_length=64, pattern=PRINTABLE)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The query parameters every list takes."""

    limit: int
    cursor: str | None
    after: str | None
    before: str | None
    created_after: datetime | None
    created_before: datetime | None

    def wanted(self, prefix: str, **filters: Any) -> Wanted:
        """What to read, of objects with this id prefix."""
        after = place_of(self.cursor) or _place(prefix, self.after, "starting_after")
        return Wanted(
            limit=self.limit,
            after=after,
            before=_place(prefix, self.before, "ending_before"),
            created_after=self.created_after,
            created_before=self.created_before,
            filters=filters,
        )


async def asked(
    *,
    limit: Limit = 20,
    cursor: Cursor = None,
    starting_after: Place = None,
    ending_before: Place = None,
    created_after: Moment = None,
    created_before: Moment = None,
) -> _Asked:
    """Read the query; raises Invalid when it starts from two places at once."""
    if sum(place is not None for place in (cursor, starting_after, ending_before)) > 1:
        raise Invalid("send one of cursor, starting_after and ending_before")
    return _Asked(
        limit=limit,
        cursor=cursor,
        after=starting_after,
        before=ending_before,
        created_after=created_after,
        created_before=created_before,
    )


Paging = Annotated[_Asked, Depends(asked)]


def listed(page: Page, shown: Sequence[Any]) -> dict[str, Any]:
    """A page on the wire; `next_cursor` continues towards older objects."""
    following = cursor_of(page.rows[-1]["id"]) if page.has_more else None
    return {
        "object": "list",
        "data": list(shown),
        "has_more": page.has_more,
        "next_cursor": following,
    }


def place_of(text: str | None) -> UUID | None:
    """What a cursor stands for; raises Invalid for one that is none of ours."""
    if text is None:
        return None
    found = read_cursor(text)
    if found is None:
        raise wrong("query/cursor", "not a cursor of ours")
    return found


def _place(prefix: str, text: str | None, name: str) -> UUID | None:
    return None if text is None else id_of((prefix,), text, name)


def id_of(prefixes: Sequence[str], text: str, name: str) -> UUID:
    """The UUID behind an id of one of these kinds; raises Invalid, naming the parameter."""
    prefix = ids.prefix_of(text)
    try:
        return ids.parsed(prefix if prefix in prefixes else prefixes[0], text)
    except ids.BadId as error:
        known = ", ".join(f"{one}_…" for one in prefixes)
        raise wrong(f"query/{name}", f"not an id: use {known}") from error
