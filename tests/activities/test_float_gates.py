"""A thousand payouts and one float: what is granted never exceeds what lies there."""

import asyncio
from collections import Counter

import pytest

from activities.float_draining import FloatDraining
from models.float_gate import Gate
from models.money import Money
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.float_lanes import Lane
from tests.conftest import Urls


@pytest.fixture
def lane(urls: Urls, database: Database) -> Lane:
    return Lane(urls, database)


async def test_two_hundred_at_once_are_granted_what_lies_there_and_no_more(lane: Lane) -> None:
    await lane.moved(10_000)
    answers = await asyncio.gather(*(lane.reserve(f"p{n}", 300) for n in range(200)))
    assert Counter(answer.gate for answer in answers) == {Gate.GRANTED: 33, Gate.SHORT: 167}
    assert lane.reserved == 9_900


async def test_spending_while_others_ask_never_grants_the_same_money_twice(lane: Lane) -> None:
    await lane.moved(10_000)

    async def pay(name: str) -> bool:
        if not (await lane.reserve(name, 1_000)).granted:
            return False
        await lane.moved(1_000, spent=True)  # the entry of the outcome, before the release
        await lane.end(name, spent=True)
        return True

    paid = await asyncio.gather(*(pay(f"p{n}") for n in range(60)))
    assert sum(paid) == 10
    assert lane.reserved == 0
    assert (await lane.reserve("last", 1)).room == Money(0, "KES")


async def test_asking_again_changes_nothing(lane: Lane) -> None:
    await lane.moved(1_000)
    first, again = await lane.reserve("p", 600), await lane.reserve("p", 600)
    assert (first.gate, again.gate, lane.reserved) == (Gate.GRANTED, Gate.GRANTED, 600)
    assert first.room == again.room == Money(400, "KES")


async def test_what_is_released_may_be_reserved_by_another(lane: Lane) -> None:
    await lane.moved(1_000)
    await lane.reserve("p", 1_000)
    assert (await lane.reserve("q", 1_000)).gate is Gate.SHORT
    await lane.end("p", spent=False)
    await lane.end("p", spent=False)
    assert (await lane.reserve("q", 1_000)).gate is Gate.GRANTED
    assert lane.reserved == 1_000


async def test_what_has_ended_is_never_granted_again(lane: Lane) -> None:
    await lane.moved(1_000)
    await lane.end("never asked", spent=False)
    assert (await lane.reserve("never asked", 10)).gate is Gate.ENDED
    await lane.reserve("p", 10)
    await lane.end("p", spent=True)
    assert (await lane.reserve("p", 10)).gate is Gate.ENDED
    assert lane.reserved == 0


async def test_nobody_overtakes_one_that_waits_and_would_fit(lane: Lane) -> None:
    assert (await lane.reserve("first", 500)).gate is Gate.SHORT
    await lane.moved(600)
    assert (await lane.reserve("second", 500)).gate is Gate.SHORT
    assert (await lane.reserve("first", 500)).gate is Gate.GRANTED


async def test_a_large_one_that_does_not_fit_keeps_no_small_one_waiting(lane: Lane) -> None:
    await lane.moved(600)
    assert (await lane.reserve("large", 5_000)).gate is Gate.SHORT
    assert (await lane.reserve("small", 500)).gate is Gate.GRANTED


async def test_a_closed_float_grants_nothing(lane: Lane) -> None:
    await lane.moved(600)
    await lane.reserve("p", 1)
    lane.read("update floats set is_open = false where wallet = %s returning 1", lane.place.wallet)
    assert (await lane.reserve("q", 1)).gate is Gate.CLOSED


async def test_who_waits_is_let_through_in_order_when_money_comes_and_told_once(
    lane: Lane, vault: Vault
) -> None:
    draining = FloatDraining(lane.database, vault)
    for name, minor in (("first", 500), ("large", 9_000), ("second", 300), ("third", 300)):
        await lane.reserve(name, minor)
    assert await draining.round() == 0
    await lane.moved(900)
    assert (await draining.round(), await draining.round()) == (2, 0)
    told = lane.read("select workflow_id from inbox where org_id = %s order by id", lane.org)
    assert told == [(lane.saga("first").id,), (lane.saga("second").id,)]
    assert (await lane.reserve("second", 300)).gate is Gate.GRANTED
    assert (await lane.reserve("third", 300)).gate is Gate.SHORT
    assert lane.reserved == 800
