"""What is said of rails in public: maintenance ahead and what changed lately."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from loguru import logger

from runtime.database import Database

#: Seconds a look is believed: the page is public, and costs this much however often it is asked.
BELIEVED = 5.0
_WINDOWS = """
select provider, operation, starts_at, ends_at, reason from rail_windows
 where canceled_at is null and ends_at > now() and starts_at < now() + interval '14 days'
 order by starts_at, id limit 50"""
_CHANGES = """
select provider, country, operation, from_state, to_state, at from rail_changes
 where at > now() - interval '7 days' order by at desc, id desc limit 50"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """Rows of maintenance ahead, and of changes, the newest first."""

    windows: Sequence[Any] = ()
    changes: Sequence[Any] = ()


class RailBoard:
    """Looks now and then; where the database cannot be read, what was known last goes on."""

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
        self._known = Notices()
        self._until = float("-inf")

    async def notices(self) -> Notices:
        """What there is to tell."""
        async with self._lock:
            if self._clock() >= self._until:
                await self._look()
        return self._known

    async def _look(self) -> None:
        try:
            async with self._database.system() as connection:
                windows = await (await connection.execute(_WINDOWS)).fetchall()
                changes = await (await connection.execute(_CHANGES)).fetchall()
            self._known = Notices(windows=windows, changes=changes)
        except Exception as error:  # noqa: BLE001 - the page goes on with what was known
            logger.warning("rails' notices cannot be read: {}", type(error).__name__)
        self._until = self._clock() + self._believed
