"""What waited for a rail is let go when it carries again: oldest first, at the provider's rate."""

from collections.abc import Mapping
from typing import Any, Protocol

from models import faultpoints
from models.rail_health import RAIL_FREED, RailState
from runtime.database import Connection, Database

#: Runs let go per second where no limit of the provider is known.
DEFAULT_RATE = 20.0
_WAITING = """
select q.provider, q.operation, h.state, h.trials, extract(epoch from now() - h.drained_at) as idle
  from (select distinct provider, operation from rail_queue) q
  left join lateral (select * from rail_health r where r.provider = q.provider
     and r.operation = q.operation order by r.state in ('open','maintenance') desc,
     r.state = 'half_open' desc limit 1) h on true"""
_ALONE = "select pg_try_advisory_xact_lock(hashtext('kauri drains'), hashtext(%s)) as ours"
_OLDEST = """
select waits_as, workflow_id, exists (
    select 1 from starts s where s.id = q.workflow_id and s.started_at is not null) as ran
  from rail_queue q where provider = %s and operation = %s order by queued_at, waits_as limit %s"""
_GONE = "delete from rail_queue where waits_as = any(%s)"
_DRAINED = """
update rail_health set drained_at = now(), trials = greatest(trials - %s, 0)
 where provider = %s and operation = %s"""


class Signals(Protocol):
    """Signals a run; `runtime.dispatch.Dispatcher` does."""

    async def signal(self, workflow_id: str, signal: str, message: Any) -> bool:
        """False when it has closed or never was."""
        ...


class RailDrain:
    """One process drains a rail at a time. `rates`: runs per second by provider."""

    def __init__(self, database: Database, dispatcher: Signals, rates: Mapping[str, float]) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._rates = rates

    async def drain(self) -> int:
        """Let go what may go now; returns how many."""
        async with self._database.system() as connection:
            rails = await (await connection.execute(_WAITING)).fetchall()
        return sum([await self._one(rail) for rail in rails])

    async def _one(self, rail: Mapping[str, Any]) -> int:
        room = self._room(rail)
        if room < 1:
            return 0
        name = [rail["provider"], rail["operation"]]
        async with self._database.system() as connection:
            alone = await (await connection.execute(_ALONE, ["/".join(name)])).fetchone() or {}
            if not alone.get("ours"):
                return 0
            rows = await (await connection.execute(_OLDEST, [*name, room])).fetchall()
            told = [row["waits_as"] for row in rows if await self._told(row)]
            await self._drained(connection, told, name)
        return len(told)

    async def _told(self, row: Mapping[str, Any]) -> bool:
        """True when the run knows that its turn has come, or has ended without it."""
        await faultpoints.reach("drain.before", row["workflow_id"])
        known = await self._dispatcher.signal(row["workflow_id"], RAIL_FREED, row["waits_as"])
        await faultpoints.reach("drain.after", row["workflow_id"])
        return known or row["ran"]

    async def _drained(self, connection: Connection, told: list[str], name: list[str]) -> None:
        await connection.execute(_GONE, [told])
        await connection.execute(_DRAINED, [len(told), *name])

    def _room(self, rail: Mapping[str, Any]) -> int:
        """How many may go: what the rate gave since the last time, a second's worth at most."""
        state = RailState(rail["state"] or RailState.UP)
        if state.down:
            return 0
        rate = self._rates.get(rail["provider"], DEFAULT_RATE)
        idle = 1.0 if rail["idle"] is None else min(float(rail["idle"]), 1.0)
        room = int(max(rate * idle, 1.0))
        return min(room, rail["trials"]) if state is RailState.HALF_OPEN else room
