"""A payee nobody was paid before waits; one that is known, or who paid us, does not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from activities.cooling import free_from
from models import ids
from models.payout_order import PayoutKind
from models.payout_states import PayoutState
from runtime.database import Database
from runtime.vault import Vault
from tests.activities.payout_world import PayoutWorld
from tests.conftest import Urls

_HOURS = "insert into cooling_off values (%s, false, %s, 'tess') returning 1"
_SEEN = "update beneficiaries set first_seen = %s where org_id = %s returning 1"
_BATCH = """
insert into sagas (id, org_id, livemode, kind, state)
values (%s, %s, false, 'payout_batch', %s) returning 1"""
_ROW = """
insert into payout_rows (id, org_id, livemode, batch_id, line, state, amount, payee_lookup,
  payee_sealed, created_at)
select %s, org_id, livemode, %s, 1, 'ready', 1, lookup, '', %s from beneficiaries
 where org_id = %s returning 1"""


@pytest.fixture
def world(urls: Urls, database: Database, vault: Vault) -> PayoutWorld:
    return PayoutWorld(urls, database, vault)


async def leaves(world: PayoutWorld, **changes: Any) -> datetime | None:
    return (await world.order(**changes)).scheduled_at


async def test_test_money_waits_for_nothing(world: PayoutWorld) -> None:
    assert await leaves(world) is None


async def test_a_new_payee_is_put_off_and_a_known_one_is_not(world: PayoutWorld) -> None:
    world.read(_HOURS, world.org, 24)
    until = await leaves(world)
    assert until is not None
    assert timedelta(hours=23) < until - datetime.now(UTC) <= timedelta(hours=24)
    world.read(_SEEN, datetime.now(UTC) - timedelta(hours=25), world.org)
    assert await leaves(world) is None


def passed(world: PayoutWorld, hours: int) -> None:
    """So many hours ago the payee was first asked for."""
    assert world.read(_SEEN, hours_ago(hours), world.org)


def hours_ago(hours: int) -> datetime:
    return datetime.now(UTC) - timedelta(hours=hours)


async def taken_back(world: PayoutWorld, to: PayoutState) -> None:
    """A payout to a payee nobody was paid before, and its end."""
    order = await world.order()
    assert order.scheduled_at is not None
    await world.step(order, PayoutState.SCHEDULED, to=to)


@pytest.mark.parametrize("ending", [PayoutState.CANCELED, PayoutState.FAILED])
async def test_what_is_taken_back_makes_nobody_known(
    world: PayoutWorld, ending: PayoutState
) -> None:
    world.read(_HOURS, world.org, 24)
    await taken_back(world, ending)
    passed(world, 25)
    until = await leaves(world)
    assert until is not None
    assert until - datetime.now(UTC) > timedelta(hours=23)
    passed(world, 25)
    assert await leaves(world) is None


async def test_one_that_is_taken_back_makes_a_known_payee_no_stranger(world: PayoutWorld) -> None:
    world.read(_HOURS, world.org, 24)
    await world.order()
    await taken_back(world, PayoutState.CANCELED)
    passed(world, 25)
    assert await leaves(world) is None


@pytest.mark.parametrize(
    ("batch", "row_hours", "waits"),
    [("running", 26, False), ("running", 1, True), ("canceled", 26, True), ("invalid", 26, True)],
)
async def test_a_payee_is_known_since_the_row_of_a_batch_that_waits(
    world: PayoutWorld, batch: str, row_hours: int, *, waits: bool
) -> None:
    world.read(_HOURS, world.org, 24)
    await taken_back(world, PayoutState.CANCELED)
    passed(world, 30)
    named = ids.uuid7()
    world.read(_BATCH, named, world.org, batch)
    world.read(_ROW, ids.uuid7(), named, hours_ago(row_hours), world.org)
    assert (await leaves(world) is not None) == waits


async def test_a_later_plan_stands_and_an_earlier_one_does_not(world: PayoutWorld) -> None:
    world.read(_HOURS, world.org, 24)
    later = datetime.now(UTC) + timedelta(days=3)
    assert await leaves(world, scheduled_at=later) == later
    soon = datetime.now(UTC) + timedelta(hours=1)
    found = await leaves(world, scheduled_at=soon)
    assert found is not None
    assert found > soon


async def test_who_paid_us_is_no_stranger(world: PayoutWorld) -> None:
    world.read(_HOURS, world.org, 24)
    assert await leaves(world, kind=PayoutKind.REFUND_FALLBACK) is None


async def test_live_money_waits_a_day_unless_the_house_says_otherwise(
    world: PayoutWorld, database: Database
) -> None:
    async with database.scoped(world.org, True) as connection:
        free = await free_from(connection, world.org, livemode=True, lookup=ids.uuid7().bytes)
    assert timedelta(hours=23) < free - datetime.now(UTC) <= timedelta(hours=24)
