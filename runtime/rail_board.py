"""What is said of rails in public: maintenance ahead and what changed lately."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.believed import Believed
from runtime.database import Connection, Database

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
        what = "rails' notices"
        self._notices = Believed(
            database, _read, at_first=Notices(), what=what, seconds=believed, clock=clock
        )

    async def notices(self) -> Notices:
        """What there is to tell."""
        return await self._notices.known()


async def _read(connection: Connection) -> Notices:
    windows = await (await connection.execute(_WINDOWS)).fetchall()
    changes = await (await connection.execute(_CHANGES)).fetchall()
    return Notices(windows=windows, changes=changes)
