"""Floats looked at: told once when they differ for two looks, or fall below their threshold."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities import lanes
from activities.float_watch import FloatWatch, Told
from models.floats import FloatView
from models.ids import PLATFORM_ORG
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.contract import Unreachable
from runtime.database import Database
from tests.activities.float_lanes import Lane
from tests.conftest import Urls


async def _nothing() -> None:
    """The ledger stands still."""


class Holder:
    """Says what lies there, as it is told to."""

    def __init__(self, minor: int | None) -> None:
        self.minor = minor
        self.meanwhile: Callable[[], Awaitable[object]] = _nothing

    async def asks(self) -> Reading:
        await self.meanwhile()
        if self.minor is None:
            raise Unreachable("the line is down")
        return Reading(verdict=None, amount=Money(self.minor, "KES"))


@pytest.fixture
def lane(urls: Urls, database: Database) -> Lane:
    return Lane(urls, database)


def watching(lane: Lane, holder: Holder) -> Any:
    told = Told(place=lane.place, livemode=False, asks=holder.asks)
    watch = FloatWatch(lane.database, (told,))

    async def looks() -> int:
        return int(await ActivityEnvironment().run(watch.watch))

    return looks


def alerts(lane: Lane) -> list[str]:
    query = """select e.type from events e join floats f on f.id = e.object_id
                where f.wallet = %s order by e.sequence"""
    return [str(row[0]) for row in lane.read(query, lane.place.wallet)]


async def shown(lane: Lane) -> FloatView:
    async with lane.database.scoped(PLATFORM_ORG, False) as connection:
        rows = await lanes.lanes(connection)
    return next(lanes.view(row) for row in rows if row["wallet"] == lane.place.wallet)


async def test_what_the_holder_says_is_shown_beside_what_is_booked(lane: Lane) -> None:
    await lane.moved(1_000)
    assert await watching(lane, Holder(700))() == 1
    view = await shown(lane)
    assert (view.booked.minor, view.told, view.difference) == (
        1_000, Money(700, "KES"), Money(-300, "KES"),
    )  # fmt: skip


async def test_a_difference_is_told_when_two_looks_in_a_row_have_seen_it_and_once(
    lane: Lane,
) -> None:
    holder = Holder(1_000)
    await lane.moved(1_000)
    looks = watching(lane, holder)
    await looks()
    holder.minor = 700
    await looks()
    assert alerts(lane) == []
    await looks()
    await looks()
    assert alerts(lane) == ["float.difference"]
    holder.minor = 1_000
    await looks()
    holder.minor = 900
    await looks()
    await looks()
    assert alerts(lane) == ["float.difference", "float.difference"]


async def test_money_under_way_is_no_difference(lane: Lane) -> None:
    await lane.moved(1_000)
    await lane.reserve("p", 300)
    looks = watching(lane, Holder(700))
    await looks()
    await looks()
    assert alerts(lane) == []


async def test_an_answer_is_compared_with_what_was_booked_when_it_was_given(lane: Lane) -> None:
    holder = Holder(1_000)
    await lane.moved(1_000)
    looks = watching(lane, holder)
    await looks()
    holder.minor = None
    await lane.moved(500)
    await looks()
    await looks()
    assert alerts(lane) == []
    view = await shown(lane)
    assert (view.booked.minor, view.differs, view.difference) == (1_500, False, Money(0, "KES"))


async def test_an_answer_counts_once_however_often_it_is_looked_at(lane: Lane) -> None:
    holder = Holder(700)
    await lane.moved(1_000)
    looks = watching(lane, holder)
    await looks()
    holder.minor = None
    await looks()
    await looks()
    assert alerts(lane) == []
    holder.minor = 700
    await looks()
    assert alerts(lane) == ["float.difference"]


async def test_what_left_between_question_and_answer_is_no_difference(lane: Lane) -> None:
    holder = Holder(1_000)
    await lane.moved(1_000)
    await lane.reserve("p", 1)
    looks = watching(lane, holder)
    holder.meanwhile = partial(lane.moved, 300, spent=True)
    await looks()
    holder.minor = 700
    await looks()
    assert alerts(lane) == []
    assert not (await shown(lane)).differs


async def test_a_holder_that_does_not_answer_is_asked_next_time(lane: Lane) -> None:
    assert await watching(lane, Holder(None))() == 0


async def test_a_low_float_is_told_once_for_each_fall(lane: Lane) -> None:
    await lane.moved(1_000)
    looks = watching(lane, Holder(None))
    await lane.reserve("p", 1)
    lane.read("update floats set low_below = 500 where wallet = %s returning 1", lane.place.wallet)
    await looks()
    await lane.reserve("q", 600)
    await looks()
    await looks()
    assert alerts(lane) == ["float.low"]
    await lane.end("q", spent=False)
    await looks()
    await lane.reserve("r", 600)
    await looks()
    assert alerts(lane) == ["float.low", "float.low"]


async def test_the_forecast_is_the_pace_of_the_last_day(lane: Lane) -> None:
    await lane.moved(1_200)
    await lane.reserve("p", 240)
    assert (await shown(lane)).hours_left is None
    await lane.moved(240, spent=True)
    await lane.end("p", spent=True)
    view = await shown(lane)
    assert (view.spent.minor, view.room.minor, view.hours_left) == (240, 960, 96.0)


def test_silence_about_a_balance_is_no_difference() -> None:
    nothing = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)
    view = FloatView(
        booked=Money(5, "KES"), reserved=Money(0, "KES"), spent=Money(0, "KES"), told=nothing.amount
    )
    assert (view.difference, view.differs) == (None, False)
