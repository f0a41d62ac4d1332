"""What waited for a rail is let go when it carries again: oldest first, at the provider's rate."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from models import faultpoints
from models.rail_health import RAIL_FREED, Operation, RailState
from runtime.database import Connection, Database

#: Runs let go per second where no limit of the provider is known.
DEFAULT_RATE = 20.0
#: A checkout asks no more: one whose run was not there to hear is told again after a while.
_WAITS = """
(freed_at is null or (operation = 'collect' and freed_at < now() - interval '10 s'))"""
_WAITING = f"""
select q.provider, q.operation, h.state, h.trials, h.drained_at,
  extract(epoch from now() - h.drained_at) as idle
  from (select distinct provider, operation from rail_queue where {_WAITS}) q
  left join lateral (select * from rail_health r where r.provider = q.provider
     and r.operation = q.operation order by r.state in ('open','maintenance') desc,
     r.state = 'half_open' desc limit 1) h on true"""
_ALONE = "select pg_try_advisory_xact_lock(hashtext('kauri drains'), hashtext(%s)) as ours"
_FREED = f"""
update rail_queue q set freed_at = now()
  from (select waits_as from rail_queue where provider = %s and operation = %s and {_WAITS}
         order by queued_at, waits_as limit %s) o
 where q.waits_as = o.waits_as
returning q.waits_as, q.workflow_id, q.operation, q.queued_at, exists (
  select 1 from starts s where s.id = q.workflow_id and s.started_at is not null) as ran"""
_DRAINED = """
update rail_health set drained_at = now() where provider = %s and operation = %s
   and drained_at is not distinct from %s"""
_TRIED = """
update rail_health set trials = greatest(trials - %s, 0)
 where provider = %s and operation = %s and state = 'half_open'"""
_GONE = "delete from rail_queue where waits_as = any(%s)"


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
        """Free them first and tell them then: who asks at once is known as freed."""
        room = self._room(rail)
        if room < 1:
            return 0
        async with self._database.system() as connection:
            rows = await _freed(connection, rail, room)
        known = [row["waits_as"] for row in rows if await self._told(row) and _asks_no_more(row)]
        if known:
            async with self._database.system() as connection:
                await connection.execute(_GONE, [known])
        return len(rows)

    async def _told(self, row: Mapping[str, Any]) -> bool:
        """True when the run knows that its turn has come, or has ended without it."""
        await faultpoints.reach("drain.before", row["workflow_id"])
        known = await self._dispatcher.signal(row["workflow_id"], RAIL_FREED, row["waits_as"])
        await faultpoints.reach("drain.after", row["workflow_id"])
        return known or row["ran"]

    def _room(self, rail: Mapping[str, Any]) -> int:
        """How many may go: what the rate gave since the last time, one second's worth at most."""
        state = RailState(rail["state"] or RailState.UP)
        if state.down:
            return 0
        rate = self._rates.get(rail["provider"], DEFAULT_RATE)
        longest = max(1.0, 1.0 / rate)
        idle = longest if rail["idle"] is None else min(float(rail["idle"]), longest)
        room = int(rate * idle)
        return min(room, rail["trials"]) if state is RailState.HALF_OPEN else room


async def _freed(
    connection: Connection, rail: Mapping[str, Any], room: int
) -> Sequence[Mapping[str, Any]]:
    """The oldest, in order; none where another process is at it, or was since we looked."""
    name = [rail["provider"], rail["operation"]]
    alone = await (await connection.execute(_ALONE, ["/".join(name)])).fetchone() or {}
    if not alone.get("ours"):
        return ()
    drained = await connection.execute(_DRAINED, [*name, rail["drained_at"]])
    if rail["state"] and drained.rowcount == 0:
        return ()
    rows = await (await connection.execute(_FREED, [*name, room])).fetchall()
    await connection.execute(_TRIED, [len(rows), *name])
    return sorted(rows, key=lambda row: (row["queued_at"], row["waits_as"]))


def _asks_no_more(row: Mapping[str, Any]) -> bool:
    return bool(row["operation"] == Operation.COLLECT)
