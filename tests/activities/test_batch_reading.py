"""A file becomes rows, once: checked, sealed, and held where they look like others."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest
from temporalio.testing import ActivityEnvironment

from activities import batch_rows
from activities.batch_reading import ROW_FIELD, BatchReading
from models import ids
from models.batch_columns import Column
from models.batch_rows import RawRow
from models.payout_batch import BatchOrder, RowState
from runtime.database import Connection, Database
from runtime.payout_files import rows_of
from runtime.vault import Vault
from tests.activities.batch_world import Batching, line
from tests.conftest import Urls


@pytest.fixture
async def shop(urls: Urls, database: Database, vault: Vault) -> Batching:
    return Batching(urls, database, vault)


def states(shop: Batching, order: BatchOrder) -> list[Any]:
    return [row[1] for row in shop.rows(order)]


async def test_every_row_is_kept_and_what_is_wrong_is_said(shop: Batching) -> None:
    order = await shop.batch([line(1), line(2, amount="lots"), "", line(3, amount="5")])
    read = await shop.read(order)
    assert shop.rows(order) == [
        (2, "ready", None),
        (3, "invalid", "amount: a number such as 1500 or 1500.50, without separators"),
        (5, "invalid", "amount: M-Pesa carries KES 10.00 to KES 250,000.00, in steps of KES 1.00"),
    ]
    assert read.tally.shown() == {"rows": 3, "invalid": 2, "amount": 150_000}
    assert read.refused is None


async def test_no_number_and_no_name_stands_in_clear(shop: Batching) -> None:
    order = await shop.batch([line(1, name="Wanjiku"), line(2, amount="x", name="Otieno")])
    await shop.read(order)
    clear = str(shop.sql("select r::text from payout_rows r where batch_id = %s", order.batch))
    assert not any(word in clear for word in ("254712000001", "Wanjiku", "Otieno"))


async def test_a_card_number_is_not_kept_to_be_corrected(shop: Batching) -> None:
    order = await shop.batch([line(1, name="4111 1111 1111 1111")])
    await shop.read(order)
    [(sealed,)] = shop.sql("select payee_sealed from payout_rows where batch_id = %s", order.batch)
    plain = await shop.vault.unseal(shop.org, livemode=False, field=ROW_FIELD, sealed=sealed)
    assert json.loads(plain)["name"] == "[card number]"


async def test_reading_again_adds_nothing_and_goes_on_where_it_was(shop: Batching) -> None:
    order = await shop.batch([line(number) for number in range(1, 701)])
    await shop.read(order)
    shop.sql("delete from payout_rows where batch_id = %s and line > 400", order.batch)
    kept = shop.sql("select id from payout_rows where batch_id = %s order by line", order.batch)
    read = await shop.read(order)
    assert read.tally.rows(RowState.READY) == 700
    again = shop.sql("select id from payout_rows where batch_id = %s order by line", order.batch)
    assert again[:399] == kept


async def test_repeats_within_a_file_are_held_and_name_the_first(shop: Batching) -> None:
    order = await shop.batch(
        [line(1), line(1), line(1, amount="20"), line(2, reference="A"), line(3, reference="A")]
    )
    await shop.read(order)
    assert [row[1:] for row in shop.rows(order)] == [
        ("ready", None),
        ("held_duplicate", "same_payee"),
        ("ready", None),
        ("ready", None),
        ("held_duplicate", "same_reference"),
    ]
    like = shop.sql(
        "select line, like_line from payout_rows where like_line is not null and batch_id = %s"
        " order by line",
        order.batch,
    )
    assert like == [(3, 2), (6, 5)]


async def test_a_row_is_looked_for_by_index_and_not_in_every_other(shop: Batching) -> None:
    order = await shop.batch([line(number) for number in range(400)])
    await shop.read(order)  # nobody has analysed the table, as after a first large file
    read = "select idx_tup_fetch + seq_tup_read as rows from pg_stat_xact_user_tables"
    async with shop.database.scoped(shop.org, False) as connection:
        await batch_rows.hold_duplicates(connection, order.batch)
        found = await connection.execute(f"{read} where relname = 'payout_rows'")
        touched = (await found.fetchone() or {})["rows"]
    assert 0 < touched < 400 * 20


async def test_what_was_paid_a_moment_ago_is_held(shop: Batching) -> None:
    first = await shop.batch([line(1), line(2, reference="SAL-2")])
    await shop.read(first)
    await shop.advance(first)
    second = await shop.batch([line(1), line(3, reference="SAL-2"), line(4)])
    await shop.read(second)
    assert [row[1:] for row in shop.rows(second)] == [
        ("held_duplicate", "same_payee"),
        ("held_duplicate", "same_reference"),
        ("ready", None),
    ]


@pytest.mark.parametrize("state", ["failed", "canceled"])
async def test_what_was_not_paid_is_no_duplicate(shop: Batching, state: str) -> None:
    first = await shop.batch([line(1)])
    await shop.read(first)
    await shop.advance(first)
    shop.ends(state)
    second = await shop.batch([line(1)])
    await shop.read(second)
    assert states(shop, second) == ["ready"]


async def test_the_same_salary_a_month_later_is_no_duplicate(shop: Batching) -> None:
    first = await shop.batch([line(1)])
    await shop.read(first)
    await shop.advance(first)
    shop.sql("update payees set created_at = created_at - interval '28 days'")
    second = await shop.batch([line(1)])
    await shop.read(second)
    assert states(shop, second) == ["ready"]


async def test_the_same_file_sent_twice_is_held_whole(shop: Batching) -> None:
    lines = [line(number) for number in range(1, 6)]
    first, second = await shop.batch(lines), await shop.batch(lines)
    await shop.read(first)
    await shop.read(second)
    assert states(shop, first) == ["ready"] * 5
    assert states(shop, second) == ["held_duplicate"] * 5


class Watched:
    """A database that does something once, after so many statements of the search for repeats."""

    def __init__(self, database: Database, after: int, then: Callable[[], Awaitable[Any]]) -> None:
        self._database, self._left, self._then = database, after, then
        self._connection: Connection

    @asynccontextmanager
    async def scoped(self, org: UUID, livemode: bool) -> AsyncIterator["Watched"]:
        async with self._database.scoped(org, livemode) as self._connection:
            yield self

    async def execute(self, statement: str, values: Any = None) -> Any:
        done = await self._connection.execute(statement, values)
        if "'held_duplicate'" in statement and statement.lstrip().startswith("update"):
            self._left -= 1
            if not self._left:
                await self._then()
        return done


@pytest.mark.parametrize("after", [1, 2, 3, 4])
async def test_a_batch_that_hands_over_during_the_search_is_seen(
    shop: Batching, after: int
) -> None:
    lines = [line(number) for number in range(1, 4)]
    first, second = await shop.batch(lines), await shop.batch(lines)
    await shop.read(first)
    watched: Any = Watched(shop.database, after, lambda: shop.advance(first))
    reading = BatchReading(watched, shop.desk, rows_of)
    await ActivityEnvironment().run(reading.read, second)
    assert states(shop, first) == ["under_way"] * 3
    assert states(shop, second) == ["held_duplicate"] * 3


async def test_two_batches_that_are_searched_at_once_hold_each_other(shop: Batching) -> None:
    lines = [line(number) for number in range(1, 4)]
    first, second = await shop.batch(lines), await shop.batch(lines)
    nested: Any = Watched(shop.database, 1, lambda: shop.read(second))
    await ActivityEnvironment().run(BatchReading(nested, shop.desk, rows_of).read, first)
    assert states(shop, first) == states(shop, second) == ["held_duplicate"] * 3


async def test_another_organisations_payouts_are_nobodys_duplicates(
    shop: Batching, urls: Urls, database: Database, vault: Vault
) -> None:
    other = Batching(urls, database, vault)
    theirs, ours = await other.batch([line(1)]), await shop.batch([line(1)])
    await other.read(theirs)
    await shop.read(ours)
    assert states(shop, ours) == ["ready"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "the file has no row below its headings"),
        ([line(1, amount="x")], "no row can be paid; see the file of errors"),
        ([line(1), line(2) + ",stray"], "row 3 has more cells than the first row has headings"),
    ],
)
async def test_a_file_without_payouts_is_refused_and_pays_nobody(
    shop: Batching, lines: list[str], said: str
) -> None:
    order = await shop.batch(lines)
    read = await shop.read(order)
    assert read.refused == said
    assert set(states(shop, order)) <= {"invalid", "canceled"}


@pytest.mark.parametrize("first", ["4111111111111111,1500", "254712345678,1500,Amina"])
async def test_a_file_without_headings_is_refused_and_nothing_of_it_is_repeated(
    shop: Batching, first: str
) -> None:
    read = await shop.read(await shop.batch([], header=first))
    assert read.refused is not None
    assert read.refused.startswith("the first row names the columns, and cell 1 of it")
    assert not any(cell in read.refused for cell in first.split(","))


async def test_what_nobody_foresaw_refuses_the_file_and_tells_nothing_of_it(
    shop: Batching,
) -> None:
    def stumbles(_content: bytes) -> Iterator[RawRow]:
        yield RawRow(line=2, cells={Column.PHONE: "+254712000001", Column.AMOUNT: "1"})
        raise RecursionError("Amina, 254712345678")

    order = await shop.batch([line(1)])
    reading = BatchReading(shop.database, shop.desk, stumbles)
    read = await ActivityEnvironment().run(reading.read, order)
    assert read.refused == "the file cannot be read; save it again as CSV and send that"
    assert shop.rows(order) == []


def limit(shop: Batching, above: int, provider: str = "*") -> None:
    shop.sql(
        "insert into payout_limits (org_id, livemode, provider, currency, approval_above,"
        " updated_by) values (%s, false, %s, 'KES', %s, 'boss')",
        *[shop.org, provider, above],
    )


def approver(shop: Batching) -> None:
    shop.sql(
        "insert into api_keys (id, org_id, livemode, principal, prefix, digest, scopes)"
        " values (%s, %s, false, 'boss', 'kk', %s, array['payouts:approve'])",
        *[ids.uuid7(), shop.org, shop.org.bytes],
    )


@pytest.mark.parametrize(
    ("above", "provider", "asked"),
    [(299_999, "*", True), (300_000, "*", False), (299_999, "mpesa", True), (1, "momo", False)],
)
async def test_the_sum_decides_whether_a_second_person_is_asked(
    shop: Batching, above: int, provider: str, asked: bool
) -> None:
    limit(shop, above, provider)
    approver(shop)
    read = await shop.read(await shop.batch([line(1), line(2)]))
    assert (read.approval, read.refused) == (asked, None)


async def test_where_nobody_may_approve_nothing_waits_for_nobody(shop: Batching) -> None:
    limit(shop, 1)
    order = await shop.batch([line(1)])
    read = await shop.read(order)
    assert read.refused is not None
    assert "payouts:approve" in read.refused
    assert states(shop, order) == ["canceled"]
    assert shop.sql("select 1 from beneficiaries where org_id = %s", shop.org) == []
