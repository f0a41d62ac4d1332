"""What every process knows of rails' health: the shared rows, read once a second at most."""

import time
from collections.abc import Callable, Mapping

from activities import rail_rows
from models.rail_health import Circuit, Operation, Rail, RailState
from runtime.believed import Believed
from runtime.database import Database

#: Seconds a look is believed.
BELIEVED = 1.0


class RailHealth:
    """Looks rails up. Where the database cannot be read, what was known last goes on."""

    def __init__(
        self,
        database: Database,
        *,
        believed: float = BELIEVED,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._circuits: Believed[Mapping[Rail, Circuit]] = Believed(
            database,
            rail_rows.circuits,
            at_first={},
            what="rails' health",
            seconds=believed,
            clock=clock,
        )

    async def of(self, provider: str, operation: Operation = Operation.COLLECT) -> RailState:
        """Where the rail stands; the worst of its countries, up where nothing is known."""
        return rail_rows.worst(await self.all(), provider, operation)

    async def lets_through(self, provider: str, operation: Operation = Operation.COLLECT) -> bool:
        """True when one more may be sent now; half open, this takes one of the few trials."""
        state = await self.of(provider, operation)
        if state is not RailState.HALF_OPEN:
            return state.carries
        async with self._database.system() as connection:
            return await rail_rows.take_trial(connection, provider, operation)

    async def all(self) -> Mapping[Rail, Circuit]:
        """Every rail with where it stands."""
        return await self._circuits.known()
