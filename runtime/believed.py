"""What was read of the database, believed for a while."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from loguru import logger

from runtime.database import Connection, Database

_Known = TypeVar("_Known")


class Believed(Generic[_Known]):
    """Reads now and then; where the database cannot be read, what was known last goes on.

    `seconds`: how long a look is believed. `what` names it in the log.
    """

    def __init__(
        self,
        database: Database,
        read: Callable[[Connection], Awaitable[_Known]],
        *,
        at_first: _Known,
        what: str,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database, self._read, self._known = database, read, at_first
        self._what, self._seconds, self._clock = what, seconds, clock
        self._lock = asyncio.Lock()
        self._until = float("-inf")

    async def known(self) -> _Known:
        """As it stands, or stood a moment ago. One look at a time."""
        if self._clock() >= self._until:
            async with self._lock:
                if self._clock() >= self._until:
                    await self._look()
        return self._known

    async def _look(self) -> None:
        try:
            async with self._database.system() as connection:
                self._known = await self._read(connection)
        except Exception as error:  # noqa: BLE001 - nothing is refused because we cannot look
            logger.warning("{} cannot be read: {}", self._what, type(error).__name__)
        self._until = self._clock() + self._seconds
