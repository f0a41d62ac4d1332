"""Changes of rails, told to every organisation that has an endpoint for them."""

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids
from models.moments import moment
from models.rail_health import RailState, announced

if TYPE_CHECKING:
    from runtime.database import Connection, Database

#: One teller at a time: the changes of a rail are told in order.
_ALONE = "select pg_try_advisory_xact_lock(hashtext('kauri rail changes')) as ours"
_UNTOLD = "select * from rail_changes where told_at is null order by at, id limit 1"
_LISTENERS = """
select org_id, livemode from webhook_endpoints where org_id in (
  select distinct org_id from webhook_endpoints
   where state = 'enabled' and deleted_at is null and event_types && array['*', %(type)s]
     and (%(after)s::uuid is null or org_id > %(after)s) order by org_id limit %(most)s)
   and state = 'enabled' and deleted_at is null and event_types && array['*', %(type)s]
 group by org_id, livemode order by org_id, livemode"""
_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data)
select %(id)s, %(org)s, %(live)s, %(type)s, %(object)s, coalesce(max(sequence), 0) + 1, %(step)s,
  %(data)s from events where object_id = %(object)s
on conflict do nothing"""
_SO_FAR = "update rail_changes set told_after = %s where id = %s"
_ALL_TOLD = "update rail_changes set told_at = now() where id = %s"
#: Organisations told in one transaction.
BATCH = 200


class RailTelling:
    """Tells one batch of organisations of the oldest change at a time."""

    def __init__(self, database: "Database", *, batch: int = BATCH) -> None:
        self._database = database
        self._batch = batch

    async def tell(self) -> int:
        """Tell until all know, or another process does it; returns how many events were written."""
        told = 0
        while (written := await self._next()) is not None:
            told += written
        return told

    async def _next(self) -> int | None:
        async with self._database.system() as connection:
            alone = await (await connection.execute(_ALONE)).fetchone() or {}
            change = await (await connection.execute(_UNTOLD)).fetchone()
            if not alone.get("ours") or change is None:
                return None
            return await self._told(connection, change)

    async def _told(self, connection: "Connection", change: Mapping[str, Any]) -> int:
        event = announced(RailState(change["from_state"]), RailState(change["to_state"]))
        wanted = {"type": event, "after": change["told_after"], "most": self._batch}
        listeners = await (await connection.execute(_LISTENERS, wanted)).fetchall()
        for one in listeners:
            await connection.execute(_EVENT, _event(change, one, str(event)))
        orgs = list(dict.fromkeys(one["org_id"] for one in listeners))
        if len(orgs) < self._batch:
            await connection.execute(_ALL_TOLD, [change["id"]])
        else:
            await connection.execute(_SO_FAR, [orgs[-1], change["id"]])
        return len(listeners)


def _event(change: Mapping[str, Any], to: Mapping[str, Any], event: str) -> dict[str, Any]:
    """The event of one organisation and mode. Its object is the rail as that organisation has it:
    events are numbered by object."""
    shown = {
        "id": change["provider"],
        "object": "provider",
        "country": change["country"] or None,
        "operation": change["operation"],
        "health": change["to_state"],
        "reason": change["reason"],
        "since": moment(change["at"]),
    }
    rail = "/".join((change["provider"], change["country"], change["operation"]))
    name = f"{to['org_id']}/{to['livemode']}/{rail}"
    number = hashlib.sha256(name.encode()).digest()[:16]
    data = {"object": shown, "previous_attributes": {"health": change["from_state"]}}
    return {
        "id": ids.uuid7(),
        "org": to["org_id"],
        "live": to["livemode"],
        "type": event,
        "object": UUID(bytes=number, version=5),
        "step": f"rail/{change['id']}/{to['org_id']}/{to['livemode']}",
        "data": json.dumps(data),
    }
