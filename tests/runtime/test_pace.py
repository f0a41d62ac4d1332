"""Starts keep pace with prompts: there is room again when they have left, or too late to wait."""

from uuid import UUID

import pytest

from models.ids import ATTEMPT, parsed, uuid7
from runtime.database import Database
from runtime.pace import Pace
from tests.activities.accepted import accept
from tests.conftest import Urls

_HELD = "update attempts set state = %s where id = %s"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def unsent(urls: Urls) -> UUID:
    """An accepted attempt whose prompt has not left."""
    return parsed(ATTEMPT, accept(urls.admin).attempt)


async def looked(pace: Pace, database: Database) -> bool:
    async with database.system() as connection:
        await pace.look(connection)
    return pace.room


async def test_there_is_no_room_while_the_prompts_of_as_many_starts_have_not_left(
    database: Database, unsent: UUID
) -> None:
    pace = Pace(most=1)
    pace.begun(unsent)
    assert not await looked(pace, database)


async def test_a_prompt_that_left_makes_room(database: Database, unsent: UUID) -> None:
    pace = Pace(most=1)
    pace.begun(unsent)
    async with database.system() as connection:
        await connection.execute(_HELD, ["sending", unsent])
    assert await looked(pace, database)


async def test_a_run_that_is_stuck_holds_nobody_up(database: Database, unsent: UUID) -> None:
    clock = Clock()
    pace = Pace(most=1, patience=10.0, clock=clock)
    pace.begun(unsent)
    clock.now = 11.0
    assert await looked(pace, database)


async def test_nothing_is_watched_at_first() -> None:
    pace = Pace(most=1)
    assert pace.idle
    pace.begun(uuid7())
    assert not pace.idle
    assert not pace.room
