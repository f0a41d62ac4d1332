"""Coverage against a real book: whole, then short by exactly what left uncovered."""

import pytest
from temporalio.testing import ActivityEnvironment

from activities.coverage import Coverage
from models.coverage import covered, covered_object
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.float_lanes import Lane
from tests.activities.payout_world import PayoutWorld
from tests.conftest import Urls


def test_a_shortfall_names_the_top_up_needed() -> None:
    found = covered_object(
        covered("KES", [("backs", "bank:ncba:1:trust", 700), ("backs", "clearing:a:b", 100),
                        ("claims", "payable", 900), ("claims", "held", 50)])
    )  # fmt: skip
    assert (found["backing"], found["claims"], found["covered"]) == (800, 950, False)
    assert found["top_up_needed"] == 150
    assert found["claimed_as"] == {"held": 50, "payable": 900}


def test_more_than_enough_needs_no_top_up() -> None:
    found = covered_object(covered("KES", [("backs", "a", 10), ("claims", "payable", 9)]))
    assert (found["covered"], found["top_up_needed"]) == (True, 0)


@pytest.fixture
def lane(urls: Urls, database: Database) -> Lane:
    return Lane(urls, database)


async def test_money_that_left_a_float_unbacked_is_reported_once_a_day(
    lane: Lane, urls: Urls, database: Database, vault: Vault
) -> None:
    await PayoutWorld(urls, database, vault).owed(40_000)
    coverage = Coverage(database)
    whole = (await coverage.now(livemode=False))[0]
    assert whole.shortfall.minor == 0
    await lane.moved(30_000, spent=True)
    found = (await coverage.now(livemode=False))[0]
    assert found.shortfall.minor == 30_000
    assert found.claimed_as["payable"] == 40_000
    for _ in range(2):
        assert await ActivityEnvironment().run(coverage.report) == 1
    told = lane.read("select type from events where type like 'coverage.%%' order by type")
    assert told == [("coverage.reported",), ("coverage.short",)]
