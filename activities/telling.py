"""The event of an object that is no payment and no saga: written with what it tells."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids

if TYPE_CHECKING:
    from runtime.database import Connection

_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data)
select %(id)s, %(org)s, %(live)s, %(type)s, %(object)s, coalesce(max(sequence), 0) + 1, %(step)s,
  %(data)s from events where object_id = %(object)s
on conflict do nothing returning id"""


async def tell(
    connection: "Connection",
    row: Mapping[str, Any],
    *,
    event: str,
    step: str,
    shown: Mapping[str, Any],
    previous: Mapping[str, Any] | None = None,
    **more: Any,
) -> bool:
    """Write the event of a row once per step; True when it was written now."""
    data = {"object": shown, "previous_attributes": previous or {}, **more}
    fields = {"id": ids.uuid7(), "org": row["org_id"], "live": row["livemode"], "type": event}
    fields |= {"object": _id(row), "step": step, "data": json.dumps(data)}
    return await (await connection.execute(_EVENT, fields)).fetchone() is not None


def _id(row: Mapping[str, Any]) -> UUID:
    found: UUID = row["id"]
    return found
