"""A rail that is back serves who waited: in order, at its rate, each once."""

import asyncio
from typing import Any

import pytest

from models import ids
from runtime.database import Database
from runtime.rail_draining import RailDrain
from tests.activities.rails_world import Rails
from tests.conftest import Urls


class Runs:
    """Remembers who was told; `closed` runs hear nothing."""

    def __init__(self, *closed: str) -> None:
        self.told: list[tuple[str, str, Any]] = []
        self._closed = closed

    async def signal(self, workflow_id: str, signal: str, message: Any) -> bool:
        self.told.append((workflow_id, signal, message))
        return workflow_id not in self._closed

    @property
    def order(self) -> list[str]:
        return [one[0] for one in self.told]


@pytest.fixture
def rails(urls: Urls) -> Rails:
    """Three wait for M-Pesa."""
    found = Rails(urls.admin)
    found.sql("delete from starts")
    for number in (1, 2, 3):
        found.wait(number)
    return found


@pytest.mark.parametrize("state", ["open", "maintenance"])
async def test_nobody_is_let_go_while_the_rail_is_down(
    rails: Rails, database: Database, state: str
) -> None:
    rails.stand("mpesa", state)
    runs = Runs()
    assert await RailDrain(database, runs, {}).drain() == 0
    assert (runs.told, len(rails.waiting())) == ([], 3)


async def test_a_rail_that_carries_lets_all_go_in_order_and_once(
    rails: Rails, database: Database
) -> None:
    rails.stand("mpesa", "up")
    runs = Runs()
    drain = RailDrain(database, runs, {})
    assert [await drain.drain(), await drain.drain()] == [3, 0]
    assert runs.told[0] == ("cs_1", "rail_freed", "att_1")
    assert (runs.order, rails.waiting()) == (["cs_1", "cs_2", "cs_3"], [])


async def test_they_go_no_faster_than_the_provider_takes_them(
    rails: Rails, database: Database
) -> None:
    rails.stand("mpesa", "up")
    runs = Runs()
    drain = RailDrain(database, runs, {"mpesa": 1.0})
    first = await drain.drain()
    rails.later(1)
    await drain.drain()
    assert (first, runs.order) == (1, ["cs_1", "cs_2"])


async def test_half_open_only_as_many_go_as_there_are_trials(
    rails: Rails, database: Database
) -> None:
    rails.stand("mpesa", "half_open", trials=2)
    runs = Runs()
    drain = RailDrain(database, runs, {})
    await drain.drain()
    rails.later(1)
    await drain.drain()
    assert (runs.order, rails.waiting()) == (["cs_1", "cs_2"], ["cs_3"])


async def test_two_processes_that_drain_at_once_tell_nobody_twice(
    rails: Rails, database: Database
) -> None:
    rails.stand("mpesa", "up")
    runs = Runs()
    await asyncio.gather(*(RailDrain(database, runs, {}).drain() for _ in range(4)))
    assert sorted(runs.order) == ["cs_1", "cs_2", "cs_3"]


async def test_a_run_that_is_not_there_yet_keeps_its_place_and_one_that_ended_does_not(
    rails: Rails, database: Database
) -> None:
    rails.stand("mpesa", "up")
    rails.sql(
        "insert into starts (id, org_id, livemode, kind, payload_sealed, started_at) values"
        " ('cs_2', %s, false, 'checkout', '', now())",
        ids.PLATFORM_ORG,
    )
    runs = Runs("cs_1", "cs_2")
    drain = RailDrain(database, runs, {})
    await drain.drain()
    assert rails.sql("select workflow_id from rail_queue") == [("cs_1",)]
    rails.later(1)
    rails.sql("update rail_queue set freed_at = freed_at - interval '11 s'")
    await drain.drain()
    assert runs.order == ["cs_1", "cs_2", "cs_3", "cs_1"]


async def test_who_asks_again_is_known_as_told_and_told_once(
    rails: Rails, database: Database
) -> None:
    rails.stand("mpesa", "up", operation="payout")
    rails.sql("update rail_queue set operation = 'payout'")
    runs = Runs()
    drain = RailDrain(database, runs, {})
    assert [await drain.drain(), await drain.drain()] == [3, 0]
    assert rails.sql("select count(*) from rail_queue where freed_at is not null") == [(3,)]
