"""Rows become payouts: each once, never more at a time than the window, none after a pause."""

import asyncio
import json
from collections.abc import Sequence

import pytest
from temporalio.testing import ActivityEnvironment

from activities import batch_rows
from models import faultpoints, ids
from models.payout_batch import BatchOrder, RowState
from runtime.database import Database
from runtime.starting import start_of
from runtime.vault import Vault
from tests.activities.batch_world import Batching, line
from tests.conftest import Urls


@pytest.fixture
async def shop(urls: Urls, database: Database, vault: Vault) -> Batching:
    return Batching(urls, database, vault)


async def a_batch(shop: Batching, rows: int = 5, window: int = 500) -> BatchOrder:
    order = await shop.batch([line(number) for number in range(1, rows + 1)], window=window)
    await shop.read(order)
    return order


async def test_every_row_becomes_a_payout_that_can_be_started(shop: Batching) -> None:
    order = await a_batch(shop)
    tally = await shop.advance(order)
    assert tally.rows(RowState.UNDER_WAY) == 5
    kind, sealed = shop.sql("select kind, payload_sealed from starts where org_id = %s", shop.org)[
        0
    ]
    plain = await shop.vault.unseal(shop.org, livemode=False, field="start", sealed=sealed)
    started = start_of(kind, plain)
    assert (started.order.amount.minor, started.order.payee.name) == (150_000, "Jane")
    shown = shop.sql("select data from sagas where kind = 'payout' and org_id = %s", shop.org)
    assert {row[0]["batch"] for row in shown} == {order.saga.id}
    assert {row[0]["approved_in"] for row in shown} == {order.saga.id}


async def test_a_look_that_is_taken_twice_pays_nobody_twice(shop: Batching) -> None:
    order = await a_batch(shop, rows=250)
    await asyncio.gather(*[shop.advance(order) for _ in range(4)])
    await shop.advance(order)
    assert len(shop.payouts()) == 250


async def test_a_row_whose_payout_was_made_before_finds_it(shop: Batching) -> None:
    order = await a_batch(shop)
    await shop.advance(order)
    made = set(shop.payouts())
    shop.sql(
        "update payout_rows set state = 'ready', payout_id = null where batch_id = %s", order.batch
    )
    await shop.advance(order)
    assert set(shop.payouts()) == made


async def test_the_window_bounds_what_is_under_way(shop: Batching) -> None:
    order = await a_batch(shop, rows=30, window=8)
    assert (await shop.advance(order)).rows(RowState.UNDER_WAY) == 8
    shop.ends("paid", most=3)
    tally = await shop.advance(order)
    assert (tally.rows(RowState.PAID), tally.rows(RowState.UNDER_WAY)) == (3, 8)
    assert len(shop.payouts()) == 11


def cools_off(shop: Batching, hours: int = 24) -> None:
    shop.sql("insert into cooling_off values (%s, false, %s, 'tess')", shop.org, hours)


def known_since_yesterday(shop: Batching, order: BatchOrder, lines: Sequence[int]) -> None:
    of_batch = "where batch_id = %s and line = any(%s)"
    shop.sql(
        "update beneficiaries set first_seen = now() - interval '25 hours' where lookup in"
        f" (select payee_lookup from payout_rows {of_batch})",
        *[order.batch, list(lines)],
    )
    shop.sql(
        f"update payout_rows set created_at = now() - interval '26 hours' {of_batch}",
        *[order.batch, list(lines)],
    )


async def test_new_payees_of_a_batch_all_cool_off_from_the_same_moment(shop: Batching) -> None:
    cools_off(shop)
    order = await a_batch(shop, rows=5, window=2)
    (seen,) = shop.sql(
        "select count(*), count(distinct first_seen) from beneficiaries where org_id = %s", shop.org
    )
    assert seen == (5, 1)
    tally = await shop.advance(order)
    assert (tally.rows(RowState.READY), tally.open, shop.payouts()) == (5, 5, [])
    known_since_yesterday(shop, order, range(2, 7))
    shop.now = 59.0
    assert (await shop.advance(order)).rows(RowState.UNDER_WAY) == 0
    shop.now = 60.0
    assert (await shop.advance(order)).rows(RowState.UNDER_WAY) == 2
    put_off = shop.sql(
        "select 1 from sagas where org_id = %s and kind = 'payout'"
        " and (state = 'scheduled' or data->>'scheduled_at' is not null)",
        shop.org,
    )
    assert put_off == []


async def test_who_is_known_does_not_wait_for_who_is_new(shop: Batching) -> None:
    cools_off(shop)
    order = await a_batch(shop, rows=4, window=2)
    known_since_yesterday(shop, order, [4, 5])
    await shop.advance(order)
    assert [row[1] for row in shop.rows(order)] == ["ready", "ready", "under_way", "under_way"]


async def test_who_comes_next_is_asked_for_by_index(shop: Batching) -> None:
    cools_off(shop)
    order = await a_batch(shop, rows=400)  # nobody has analysed the tables
    known_since_yesterday(shop, order, [401])
    read = "select sum(idx_tup_fetch + seq_tup_read) as rows from pg_stat_xact_user_tables"
    async with shop.database.scoped(shop.org, False) as connection:
        (row,) = await batch_rows.next_rows(connection, order.batch, 100)
        found = await connection.execute(f"{read} where relname in ('beneficiaries','payout_rows')")
        touched = (await found.fetchone() or {})["rows"]
    assert row["line"] == 401
    assert 0 < touched < 400 * 20


async def test_a_payee_nobody_remembers_is_left_to_accepting(shop: Batching) -> None:
    cools_off(shop)
    order = await a_batch(shop, rows=1)
    shop.sql("delete from beneficiaries where org_id = %s", shop.org)
    await shop.advance(order)
    (state,) = shop.sql("select state from sagas where id = %s", shop.payouts()[0])
    assert state == ("scheduled",)


async def test_rows_end_with_their_payouts(shop: Batching) -> None:
    order = await a_batch(shop)
    await shop.advance(order)
    for state in ("paid", "failed", "canceled", "returned", "reversed"):
        shop.ends(state, most=1)
        await ActivityEnvironment().run(shop.running.watch, order)
    assert [row[1] for row in shop.rows(order)] == [
        "paid", "failed", "canceled", "returned", "returned",
    ]  # fmt: skip


@pytest.mark.parametrize("state", ["paused", "requires_approval", "canceled"])
async def test_nothing_is_made_while_the_batch_does_not_run(shop: Batching, state: str) -> None:
    order = await a_batch(shop)
    shop.stands(order, state)
    tally = await shop.advance(order)
    assert (tally.rows(RowState.READY), shop.payouts()) == (5, [])


async def test_stopping_cancels_what_waits_and_asks_back_what_is_unsent(shop: Batching) -> None:
    order = await a_batch(shop, rows=6, window=3)
    await shop.advance(order)
    sent, unsent, done = sorted(shop.payouts())
    for payout, state in ((sent, "processing"), (unsent, "queued"), (done, "paid")):
        shop.sql("update sagas set state = %s where id = %s", state, payout)
    tally = await ActivityEnvironment().run(shop.running.stop, order)
    assert (tally.rows(RowState.CANCELED), tally.rows(RowState.UNDER_WAY)) == (3, 3)
    told = shop.sql(
        "select attempt_id, payload_sealed from inbox where kind = 'request' and org_id = %s",
        shop.org,
    )
    assert [row[0] for row in told] == [unsent]
    plain = await shop.vault.unseal(shop.org, livemode=False, field="inbox", sealed=told[0][1])
    assert json.loads(plain) == {"cancel": True, "actor": order.saga.id}


async def test_a_reference_taken_meanwhile_holds_its_row(shop: Batching) -> None:
    order = await shop.batch([line(1, reference="A"), line(2, reference="B")])
    await shop.read(order)
    other = ids.uuid7()
    shop.sql(
        "insert into sagas (id, org_id, livemode, kind, state, reference)"
        " values (%s, %s, false, 'payout', 'paid', 'A')",
        *[other, shop.org],
    )
    await shop.advance(order)
    assert shop.rows(order) == [(2, "held_duplicate", "same_reference"), (3, "under_way", None)]


async def test_a_released_row_is_paid_without_the_reference_that_is_taken(shop: Batching) -> None:
    order = await shop.batch([line(1, reference="A"), line(2, reference="A")])
    await shop.read(order)
    shop.sql(
        "update payout_rows set state = 'ready', released_by = 'boss'"
        " where batch_id = %s and state = 'held_duplicate'",
        order.batch,
    )
    assert (await shop.advance(order)).rows(RowState.UNDER_WAY) == 2
    references = shop.sql(
        "select reference from sagas where kind = 'payout' and org_id = %s order by reference",
        shop.org,
    )
    assert references == [("A",), (None,)]


async def test_a_row_a_limit_refuses_is_refused_and_the_rest_is_paid(shop: Batching) -> None:
    order = await shop.batch([line(1), line(2, amount="9000"), line(3)])
    await shop.read(order)
    shop.sql(
        "insert into payout_limits (org_id, livemode, provider, currency, per_payout, updated_by)"
        " values (%s, false, '*', 'KES', 200000, 'boss')",
        shop.org,
    )
    await shop.advance(order)
    assert [row[1] for row in shop.rows(order)] == ["under_way", "refused", "under_way"]
    assert shop.rows(order)[1][2].startswith("limit_exceeded")


async def test_a_worker_that_dies_within_a_chunk_has_made_nothing_of_it(
    shop: Batching, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = await a_batch(shop, rows=150)

    async def dies(name: str, _about: str) -> None:
        if name == "batch.chunk.written":
            raise ConnectionResetError(name)

    monkeypatch.setattr(faultpoints, "_installed", [dies])
    with pytest.raises(ConnectionResetError):
        await shop.advance(order)
    assert shop.payouts() == []
    monkeypatch.undo()
    await shop.advance(order)
    assert len(shop.payouts()) == 150
