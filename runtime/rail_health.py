"""What every process knows of rails' health: the shared rows, read once a second at most."""

import asyncio
import time
from collections.abc import Callable, Mapping

from loguru import logger

from activities import rail_rows
from models.rail_health import Circuit, Operation, Rail, RailState
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
        self._believed = believed
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: Mapping[Rail, Circuit] = {}
        self._until = float("-inf")

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
        if self._clock() >= self._until:
            async with self._lock:
                if self._clock() >= self._until:
                    await self._look()
        return self._known

    async def _look(self) -> None:
        try:
            async with self._database.system() as connection:
                self._known = await rail_rows.circuits(connection)
        except Exception as error:  # noqa: BLE001 - a payment is not refused because we cannot look
            logger.warning("rails' health cannot be read: {}", type(error).__name__)
        self._until = self._clock() + self._believed
