"""What is believed of the database: read when it is old, and kept where it cannot be read."""

import asyncio
from contextlib import asynccontextmanager
from typing import Any, cast

from runtime.believed import Believed
from runtime.database import Database


class FakeDatabase:
    """Hands out a connection, or none."""

    def __init__(self) -> None:
        self.away = False

    @asynccontextmanager
    async def system(self) -> Any:
        if self.away:
            raise ConnectionError("away")
        yield None


class Looks:
    """Counts how often it was looked, and says the count."""

    def __init__(self) -> None:
        self.database, self.count, self.now = FakeDatabase(), 0, 0.0
        self.believed = Believed(
            cast(Database, self.database),
            self._read,
            at_first=0,
            what="counts",
            seconds=5.0,
            clock=lambda: self.now,
        )

    async def _read(self, _connection: Any) -> int:
        self.count += 1
        await asyncio.sleep(0)
        return self.count


async def test_a_look_is_believed_for_its_seconds() -> None:
    looks, seen = Looks(), []
    for now in (0.0, 4.9, 5.0, 9.9):
        looks.now = now
        seen.append(await looks.believed.known())
    assert seen == [1, 1, 2, 2]


async def test_many_who_ask_at_once_look_once() -> None:
    looks = Looks()
    assert await asyncio.gather(*(looks.believed.known() for _ in range(20))) == [1] * 20


async def test_what_was_known_last_goes_on_where_the_database_is_away() -> None:
    looks = Looks()
    looks.database.away = True
    assert await looks.believed.known() == 0
    looks.now, looks.database.away = 5.0, False
    assert await looks.believed.known() == 1
    looks.now, looks.database.away = 10.0, True
    assert await looks.believed.known() == 1
