"""A turn on a rail: at once while it carries, in order once it is back."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from temporalio import activity

from activities import rail_rows
from models import ids
from models.rail_health import Operation, RailState

if TYPE_CHECKING:
    from runtime.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What wants to be sent. `waits_as`: the id it waits under and is signalled with.

    `workflow_id`: who is signalled `models.rail_health.RAIL_FREED` when its turn has come.
    """

    org_id: str
    livemode: bool
    waits_as: str
    workflow_id: str
    provider: str
    operation: Operation


class Lets(Protocol):
    """Whether a rail takes one more: `runtime.rail_health.RailHealth`, or a fake."""

    async def of(self, provider: str, operation: Operation) -> RailState:
        """Where it stands."""
        ...

    async def lets_through(self, provider: str, operation: Operation) -> bool:
        """True when one more may be sent now."""
        ...


class RailGates:
    """Lets through, or puts into the queue. A repeated question changes nothing."""

    def __init__(self, database: "Database", rails: Lets) -> None:
        self._database = database
        self._rails = rails

    @activity.defn(name="rail.turn")
    async def turn(self, wanted: Turn) -> bool:
        """True: send now. False: it waits; the signal comes when its turn does.

        Who was signalled asks again and is let through, unless the rail has gone down meanwhile.
        """
        state = await self._rails.of(wanted.provider, wanted.operation)
        if state.carries:
            return True
        if not state.down and (await self._freed(wanted) or await self._tries(wanted)):
            return True
        org = ids.parsed(ids.ORG, wanted.org_id)
        async with self._database.scoped(org, wanted.livemode) as connection:
            await rail_rows.join(connection, wanted, org)
        return False

    @activity.defn(name="rail.leave")
    async def leave(self, wanted: Turn) -> None:
        """It does not wait any more: canceled, or sent otherwise."""
        org = ids.parsed(ids.ORG, wanted.org_id)
        async with self._database.scoped(org, wanted.livemode) as connection:
            await rail_rows.leave(connection, wanted.waits_as)

    async def _freed(self, wanted: Turn) -> bool:
        org = ids.parsed(ids.ORG, wanted.org_id)
        async with self._database.scoped(org, wanted.livemode) as connection:
            return await rail_rows.freed(connection, wanted.waits_as)

    async def _tries(self, wanted: Turn) -> bool:
        return await self._rails.lets_through(wanted.provider, wanted.operation)
