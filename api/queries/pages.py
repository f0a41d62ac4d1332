"""Lists: newest first, stable by (created_at, id), a page at a time."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from runtime.database import Connection

#: Tables that are listed, with the filters each knows.
FILTERS = {
    "checkouts": {"status": "state = %s", "reference": "reference = %s"},
    "payments": {"status": "status = %s", "reference": "reference = %s"},
    "loan_products": {"enabled": "enabled = %s"},
    "payment_links": {"active": "active = %s", "reference": "reference = %s"},
    "sagas": {
        "kind": "kind = %s",
        "status": "state = %s",
        "reference": "reference = %s",
        "loan": "data->>'loan' = %s",
        "payment": "data->>'payment' = %s",
    },
    "events": {"type": "type = %s", "object": "object_id = %s"},
    "messages": {
        "event": "event = %s",
        "status": "state = %s",
        "channel": "channel = %s",
        "about": "about = %s",
        "to": "to_lookup = %s",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which page of which rows. At most one of `after` and `before` is set."""

    limit: int
    after: UUID | None = None
    before: UUID | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    filters: Mapping[str, Any] = field(default_factory=dict)

    def narrowed(self, filters: Mapping[str, Any]) -> "Wanted":
        """The same page with these filters."""
        return replace(self, filters=filters)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The rows, and whether more follow in the direction asked for."""

    rows: Sequence[Mapping[str, Any]]
    has_more: bool


async def page(connection: Connection, table: str, wanted: Wanted) -> Page:
    """One page of a table of FILTERS, in the caller's scope."""
    conditions, values = _conditions(table, wanted)
    order = "created_at, id" if wanted.before else "created_at desc, id desc"
    where = " and ".join(conditions) or "true"
    found = await connection.execute(
        f"select * from {table} where {where} order by {order} limit %s",
        [*values, wanted.limit + 1],
    )
    rows = await found.fetchall()
    kept = rows[: wanted.limit]
    if wanted.before:
        kept.reverse()
    return Page(rows=kept, has_more=len(rows) > wanted.limit)


def _conditions(table: str, wanted: Wanted) -> tuple[list[str], list[Any]]:
    conditions, values = [], []
    for name, value in wanted.filters.items():
        if value is not None:
            conditions.append(FILTERS[table][name])
            values.append(value)
    place = f"(select created_at, id from {table} where id = %s)"
    for condition, value in (
        ("created_at >= %s", wanted.created_after),
        ("created_at < %s", wanted.created_before),
        (f"(created_at, id) < {place}", wanted.after),
        (f"(created_at, id) > {place}", wanted.before),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    return conditions, values


def cursor_of(row_id: UUID) -> str:
    """An opaque cursor: continue after this row."""
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def read_cursor(text: str) -> UUID | None:
    """The row a cursor stands for; None when it is none of ours."""
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{text}=="))
    except (binascii.Error, ValueError):
        return None
