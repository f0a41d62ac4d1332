"""The SQL of webhook delivery, on a connection of the system role.

Every write locks the endpoint's row before its deliveries, so two results never wait for
each other in a circle.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids
from models.delivery import DISABLED_EVENT, PATIENCE, Answer, endpoint_object

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

PAGE = 20

_ENDPOINT = """
select * from webhook_endpoints where id = %s and state = 'enabled' and deleted_at is null"""
#: Due, and the first of its object that is not delivered: order is kept per object only.
_DUE = """
  from deliveries d join events e on e.id = d.event_id
 where d.endpoint_id = %(id)s and d.state = 'pending' and d.next_at <= %(now)s
   and not exists (select 1 from deliveries earlier
     where earlier.endpoint_id = d.endpoint_id and earlier.object_id = d.object_id
       and earlier.state = 'pending' and earlier.sequence < d.sequence)"""
_PAGE = f"""
select d.event_id, d.tries, d.org_id, d.livemode, e.type, e.sequence, e.data, e.created_at
{_DUE} order by d.next_at, d.event_id limit {PAGE}"""
_MORE = f"select exists (select 1 {_DUE}) as more"
_LOG = """
insert into delivery_attempts (endpoint_id, event_id, org_id, livemode, at, status, error,
  duration_ms, response_excerpt) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_WELL = (
    "update webhook_endpoints set failing_since = null where id = %s and failing_since is not null"
)
_DELIVERED = """
update deliveries set state = 'delivered', delivered_at = %s, tries = tries + 1
 where endpoint_id = %s and event_id = %s"""
_FAILING = """
update webhook_endpoints set failing_since = coalesce(failing_since, %s) where id = %s
returning failing_since"""
_PARK = """
update deliveries set tries = tries + 1, next_at = coalesce(%s, next_at)
 where endpoint_id = %s and event_id = %s and state = 'pending'"""
_DISABLE = """
update webhook_endpoints set state = 'disabled', disabled_reason = %s, updated_at = %s,
  version = version + 1 where id = %s and state = 'enabled' returning *"""
_EXHAUST = "update deliveries set state = 'exhausted' where endpoint_id = %s and state = 'pending'"
_TELL = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
select %(event)s, %(org)s, %(live)s, %(type)s, %(id)s, coalesce(max(sequence), 0) + 1, %(step)s,
  %(data)s, %(now)s from events where object_id = %(id)s"""


async def endpoint(connection: "Connection", endpoint_id: UUID) -> "Row | None":
    """The endpoint while it is enabled; None when there is nothing to deliver to."""
    return await (await connection.execute(_ENDPOINT, [endpoint_id])).fetchone()


async def due(connection: "Connection", endpoint_id: UUID, now: datetime) -> "list[Row]":
    """The next page: at most one message per object, the longest waiting first."""
    found = await connection.execute(_PAGE, {"id": endpoint_id, "now": now})
    return list(await found.fetchall())


async def more(connection: "Connection", endpoint_id: UUID, now: datetime) -> bool:
    """Whether another page is due right now."""
    row = await (await connection.execute(_MORE, {"id": endpoint_id, "now": now})).fetchone()
    return bool(row and row["more"])


async def log(
    connection: "Connection", endpoint_id: UUID, message: "Row", answer: Answer, now: datetime
) -> None:
    """One line of the delivery log."""
    values = [endpoint_id, message["event_id"], message["org_id"], message["livemode"], now]
    values += [answer.status, answer.error, answer.duration_ms, answer.excerpt or None]
    await connection.execute(_LOG, values)


async def delivered(
    connection: "Connection", endpoint_id: UUID, event_id: UUID, now: datetime
) -> None:
    """The merchant has it; the endpoint is well again."""
    await connection.execute(_WELL, [endpoint_id])
    await connection.execute(_DELIVERED, [now, endpoint_id, event_id])


async def failed(
    connection: "Connection",
    endpoint_id: UUID,
    event_id: UUID,
    *,
    next_at: datetime | None,
    now: datetime,
) -> bool:
    """Park the message until `next_at`; True when the endpoint has failed for five days."""
    row = await (await connection.execute(_FAILING, [now, endpoint_id])).fetchone()
    await connection.execute(_PARK, [next_at, endpoint_id, event_id])
    return row is not None and now - row["failing_since"] >= PATIENCE


async def disable(
    connection: "Connection", endpoint_id: UUID, *, reason: str, now: datetime
) -> None:
    """Stop calling, give up what is pending, and tell the merchant's other endpoints. Once."""
    row = await (await connection.execute(_DISABLE, [reason, now, endpoint_id])).fetchone()
    if row is None:
        return
    await connection.execute(_EXHAUST, [endpoint_id])
    shown = endpoint_object(row)
    fields = {
        "event": ids.uuid7(),
        "org": row["org_id"],
        "live": row["livemode"],
        "type": DISABLED_EVENT,
        "id": endpoint_id,
        "step": f"{shown['id']}/disabled/{row['version']}",
        "data": json.dumps({"object": shown, "previous_attributes": {"state": "enabled"}}),
        "now": now,
    }
    await connection.execute(_TELL, fields)
