"""The rows of rails' health: circuits, trials, and what waits. On the system role."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from models.rail_health import WORST, Circuit, Operation, Rail, RailState

if TYPE_CHECKING:
    from uuid import UUID

    from activities.rail_gates import Turn
    from runtime.database import Connection

_COLUMNS = "provider, country, operation, state, since, counted_from, until, streak, trials, reason"
_ALL = f"select {_COLUMNS} from rail_health order by provider, country, operation"
_TRY = """
update rail_health set trials = trials - 1
 where provider = %s and operation = %s and state = 'half_open' and trials > 0"""
_JOIN = """
insert into rail_queue (waits_as, org_id, livemode, workflow_id, provider, operation)
values (%s, %s, %s, %s, %s, %s) on conflict (waits_as) do update set freed_at = null"""
_LEAVE = "delete from rail_queue where waits_as = %s"
#: A turn lasts a while: whose answer was lost asks once more and is let through again.
_FREED = """
select from rail_queue where waits_as = %s and freed_at > now() - interval '2 minutes'"""


async def circuits(connection: "Connection") -> dict[Rail, Circuit]:
    """Every rail there is a row of."""
    rows = await (await connection.execute(_ALL)).fetchall()
    return {rail_of(row): circuit_of(row) for row in rows}


async def take_trial(connection: "Connection", provider: str, operation: Operation) -> bool:
    """True for the few that try a rail that may have recovered."""
    return (await connection.execute(_TRY, [provider, operation])).rowcount > 0


async def join(connection: "Connection", wanted: "Turn", org: "UUID") -> None:
    """It waits, once, in the order of arrival. On a connection of its organisation."""
    row = [wanted.waits_as, org, wanted.livemode, wanted.workflow_id]
    await connection.execute(_JOIN, [*row, wanted.provider, wanted.operation])


async def freed(connection: "Connection", waits_as: str) -> bool:
    """True when its turn has come, for two minutes from then, however often it asks."""
    return (await connection.execute(_FREED, [waits_as])).rowcount > 0


async def leave(connection: "Connection", waits_as: str) -> None:
    """It waits no more."""
    await connection.execute(_LEAVE, [waits_as])


def rail_of(row: Mapping[str, Any]) -> Rail:
    """Which rail a row is about."""
    operation = Operation(row["operation"])
    return Rail(provider=row["provider"], operation=operation, country=row["country"])


def circuit_of(row: Mapping[str, Any]) -> Circuit:
    """Where it stands."""
    return Circuit(
        state=RailState(row["state"]),
        since=row["since"],
        counted_from=row["counted_from"],
        until=row["until"],
        streak=row["streak"],
        trials=row["trials"],
        reason=row["reason"],
    )


def worst(known: Mapping[Rail, Circuit], provider: str, operation: Operation) -> RailState:
    """The worst of a provider's countries; a rail without a row is up."""
    states = (
        circuit.state
        for rail, circuit in known.items()
        if (rail.provider, rail.operation) == (provider, operation)
    )
    return max(states, key=WORST.index, default=RailState.UP)
