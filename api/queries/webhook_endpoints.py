"""The SQL of webhook endpoints, on a connection scoped to one organisation and mode."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from models import ids
from models.delivery import ROTATION_OVERLAP, TEST_EVENT, endpoint_object
from runtime.database import Connection

Row = Mapping[str, Any]

#: Endpoints of one organisation and mode: every event is written once per endpoint.
MOST = 16

_ADD = """
insert into webhook_endpoints (id, org_id, livemode, url, description, event_types, secret_sealed)
select %(id)s, %(org)s, %(live)s, %(url)s, %(description)s, %(types)s, %(secret)s
 where (select count(*) from webhook_endpoints where deleted_at is null) < %(most)s returning *"""
_ONE = "select * from webhook_endpoints where id = %s and deleted_at is null"
_LIST = """
select * from webhook_endpoints where deleted_at is null
   and (%(after)s::uuid is null or id < %(after)s) order by id desc limit %(limit)s"""
_CHANGE = """
update webhook_endpoints set updated_at = now(), version = version + 1,
  url = coalesce(%(url)s, url), description = coalesce(%(description)s, description),
  event_types = coalesce(%(event_types)s::text[], event_types),
  state = case %(enabled)s::boolean when true then 'enabled'
    when false then 'disabled' else state end,
  disabled_reason = case %(enabled)s::boolean when true then null
    when false then 'disabled by the merchant' else disabled_reason end,
  failing_since = case when %(enabled)s::boolean then null else failing_since end
 where id = %(id)s returning *"""
_DELETE = """
update webhook_endpoints set deleted_at = now(), updated_at = now(), state = 'disabled',
  disabled_reason = 'deleted' where id = %s"""
_EXHAUST = "update deliveries set state = 'exhausted' where endpoint_id = %s and state = 'pending'"
_ROTATE = """
update webhook_endpoints set previous_secret_sealed = secret_sealed, secret_sealed = %s,
  previous_secret_until = now() + %s, updated_at = now(), version = version + 1
 where id = %s returning *"""
_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data)
select %(event)s, %(org)s, %(live)s, %(type)s, %(id)s, coalesce(max(sequence), 0) + 1,
  %(step)s, %(data)s from events where object_id = %(id)s"""
_AGAIN = """
insert into deliveries (endpoint_id, event_id, org_id, livemode, object_id, sequence)
select %(id)s, id, org_id, livemode, object_id, sequence from events
 where {which}
on conflict (endpoint_id, event_id) do update
   set state = 'pending', tries = 0, next_at = now(), delivered_at = null"""
_AGAIN_ONE = _AGAIN.format(which="id = %(event)s")
_AGAIN_RANGE = _AGAIN.format(
    which="created_at >= %(since)s and created_at < coalesce(%(until)s, now())"
    " and type <> %(test)s and %(types)s && array['*', type]"
)
_LOG = """
select d.*, e.type from deliveries d join events e on e.id = d.event_id
 where d.endpoint_id = %(id)s and (%(state)s::text is null or d.state = %(state)s)
   and (%(after)s::uuid is null or d.event_id < %(after)s)
 order by d.event_id desc limit %(limit)s"""
_TRIES = """
select event_id, at, status, error, duration_ms, response_excerpt from delivery_attempts
 where endpoint_id = %s and event_id = any(%s) order by at, id"""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to change; None leaves a column as it is."""

    url: str | None = None
    description: str | None = None
    event_types: list[str] | None = None
    enabled: bool | None = None


async def add(
    connection: Connection,
    *,
    org: UUID,
    livemode: bool,
    url: str,
    description: str,
    event_types: list[str],
    secret_sealed: bytes,
) -> Row | None:
    """A new endpoint; None when the organisation has as many as it may."""
    fields = {"id": ids.uuid7(), "org": org, "live": livemode, "url": url, "most": MOST}
    fields |= {"description": description, "types": event_types, "secret": secret_sealed}
    return await (await connection.execute(_ADD, fields)).fetchone()


async def one(connection: Connection, endpoint_id: UUID, *, lock: bool = False) -> Row | None:
    """An endpoint that is not deleted; `lock` keeps others from changing it meanwhile."""
    statement = f"{_ONE} for no key update" if lock else _ONE
    return await (await connection.execute(statement, [endpoint_id])).fetchone()


async def page(connection: Connection, *, after: UUID | None, limit: int) -> list[Row]:
    """Endpoints, the newest first, those older than `after`."""
    found = await connection.execute(_LIST, {"after": after, "limit": limit})
    return list(await found.fetchall())


async def change(connection: Connection, endpoint_id: UUID, wanted: Change) -> Row:
    """Change and return the row; enabling forgives what went before."""
    fields = {"id": endpoint_id, **dataclasses.asdict(wanted)}
    return await _returned(connection, _CHANGE, fields)


async def delete(connection: Connection, endpoint_id: UUID) -> None:
    """Stop delivering for good; the log stays."""
    await connection.execute(_DELETE, [endpoint_id])
    await connection.execute(_EXHAUST, [endpoint_id])


async def rotate(connection: Connection, endpoint_id: UUID, secret_sealed: bytes) -> Row:
    """A new secret; the old one signs beside it for 24 hours."""
    return await _returned(connection, _ROTATE, [secret_sealed, ROTATION_OVERLAP, endpoint_id])


async def send_test(connection: Connection, endpoint: Row) -> UUID:
    """An event for this endpoint alone, whatever types it wants; returns the event's id."""
    event = ids.uuid7()
    fields = {"event": event, "org": endpoint["org_id"], "live": endpoint["livemode"]}
    fields |= {"type": TEST_EVENT, "id": endpoint["id"], "step": ids.shown(ids.EVENT, event)}
    fields["data"] = json.dumps({"object": endpoint_object(endpoint), "previous_attributes": {}})
    await connection.execute(_EVENT, fields)
    return event


async def replay_one(connection: Connection, endpoint_id: UUID, event: UUID) -> int:
    """Send one event again, or for the first time; 0 when there is no such event."""
    done = await connection.execute(_AGAIN_ONE, {"id": endpoint_id, "event": event})
    return done.rowcount


async def replay_range(
    connection: Connection, endpoint: Row, since: datetime, until: datetime | None
) -> int:
    """Send again what the endpoint wants of [since, until); returns how many."""
    fields = {"id": endpoint["id"], "since": since, "until": until}
    fields |= {"types": endpoint["event_types"], "test": TEST_EVENT}
    return (await connection.execute(_AGAIN_RANGE, fields)).rowcount


async def log(
    connection: Connection,
    endpoint_id: UUID,
    *,
    state: str | None,
    after: UUID | None,
    limit: int,
) -> list[tuple[Row, list[Row]]]:
    """Deliveries, the newest event first, each with its tries."""
    fields = {"id": endpoint_id, "state": state, "after": after, "limit": limit}
    found = list(await (await connection.execute(_LOG, fields)).fetchall())
    events = [row["event_id"] for row in found]
    tries = await (await connection.execute(_TRIES, [endpoint_id, events])).fetchall()
    return [(row, _of(row["event_id"], tries)) for row in found]


def _of(event: UUID, tries: Sequence[Row]) -> list[Row]:
    return [attempt for attempt in tries if attempt["event_id"] == event]


async def _returned(connection: Connection, statement: str, values: Any) -> Row:
    row = await (await connection.execute(statement, values)).fetchone()
    if row is None:
        raise LookupError("the endpoint was locked a moment ago and is gone")
    return row
