"""What the database refuses although the code would ask for it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
import pytest
from psycopg import AsyncConnection

from ledger.book import Book, Posted
from ledger.postings import Arrival, checkout_settled
from models.fees import Fee
from models.ids import mint
from models.money import Money
from runtime.database import Database

Post: TypeAlias = Callable[..., Awaitable[Posted]]
FEE = Fee(net=Money(200, "KES"), tax=Money(25, "KES"))
TABLES = ("ledger_accounts", "ledger_entries", "ledger_lines", "provider_receipts", "entry_chain")
_SCOPE = "select set_config('app.org', %s, true), set_config('app.mode', 'false', true)"
_ENTRY = """insert into ledger_entries (id, org_id, livemode, kind, currency, decided, fingerprint,
  line_count) values (%s, %s, false, 'test', %s, false, '', %s) returning seq"""
_LINE = """insert into ledger_lines (entry_seq, line_no, org_id, livemode, account_id, side, amount,
  balance_after) select %s, %s, org_id, false, id, %s, %s, 0 from ledger_accounts
  where name like %s and org_id in (app_org(), '00000000-0000-7000-8000-000000000001') limit 1"""


def an_arrival(org: UUID, currency: str = "KES") -> Arrival:
    return Arrival(
        attempt_id=mint("att"), payment_id=mint("pay"), org=org, livemode=False,
        provider="mpesa", wallet="600000/utility", amount=Money(10_000, currency),
    )  # fmt: skip


@pytest.fixture
async def as_ledger(urls: Any, org: UUID, post: Post) -> AsyncIterator[AsyncConnection[Any]]:
    """The role post_entry runs as, in the merchant's scope: what a fault in it could write."""
    await post(checkout_settled(an_arrival(org), FEE))
    async with await AsyncConnection.connect(urls.admin, autocommit=True) as connection:
        await connection.execute("set role kauri_ledger")
        yield connection


async def written(
    connection: AsyncConnection[Any],
    org: UUID,
    lines: list[tuple[str, int, str]],
    *,
    count: int = 2,
    currency: str = "KES",
    before_commit: str = "select 1",
) -> None:
    """Write an entry by hand and commit it."""
    async with connection.transaction():
        await connection.execute(_SCOPE, [str(org)])
        cursor = await connection.execute(_ENTRY, [mint("x") + "/test", org, currency, count])
        seq = (await cursor.fetchone() or (0,))[0]
        for number, (side, amount, account) in enumerate(lines, 1):
            await connection.execute(_LINE, [seq, number, side, amount, account])
        await connection.execute(before_commit)


PAIR = [("debit", 5, "provider:mpesa%"), ("credit", 5, "merchant:%:payable")]


async def test_a_balanced_entry_written_by_hand_would_commit(
    as_ledger: AsyncConnection[Any], org: UUID
) -> None:
    await written(as_ledger, org, PAIR)
    cursor = await as_ledger.execute("show role")
    assert (await cursor.fetchone() or ("",))[0] == "kauri_ledger"


@pytest.mark.parametrize(
    ("lines", "count", "currency"),
    [
        pytest.param([PAIR[0], ("credit", 4, PAIR[1][2])], 2, "KES", id="unequal"),
        pytest.param(
            [("debit", 5, PAIR[1][2]), ("debit", 5, PAIR[0][2])], 2, "KES", id="one-sided"
        ),
        pytest.param(PAIR, 4, "KES", id="a line missing"),
        pytest.param(PAIR, 2, "UGX", id="another currency"),
        pytest.param([], 2, "KES", id="no line at all"),
    ],
)
async def test_an_entry_that_does_not_hold_fails_at_commit(
    as_ledger: AsyncConnection[Any],
    org: UUID,
    lines: list[tuple[str, int, str]],
    count: int,
    currency: str,
) -> None:
    with pytest.raises(psycopg.DatabaseError, match="does not hold") as refused:
        await written(as_ledger, org, lines, count=count, currency=currency)
    assert refused.value.sqlstate == "KL006"


@pytest.mark.parametrize("setting", ["app.org", "app.mode"])
async def test_clearing_the_scope_before_commit_does_not_blind_the_check(
    as_ledger: AsyncConnection[Any], org: UUID, setting: str
) -> None:
    cleared = f"select set_config('{setting}', '', true)"
    with pytest.raises(psycopg.DatabaseError, match="must stand until commit"):
        await written(as_ledger, org, PAIR, before_commit=cleared)


async def test_moving_to_another_organisation_before_commit_does_not_blind_the_check(
    as_ledger: AsyncConnection[Any], org: UUID, other_org: UUID
) -> None:
    moved = f"select set_config('app.org', '{other_org}', true)"
    with pytest.raises(psycopg.DatabaseError, match="does not hold"):
        await written(as_ledger, org, PAIR, before_commit=moved)


async def test_a_posting_whose_scope_is_cleared_before_commit_is_lost(
    database: Database, org: UUID
) -> None:
    async def post_and_clear() -> None:
        async with database.scoped(org, False) as connection:
            await Book().post(connection, checkout_settled(an_arrival(org), FEE))
            await connection.execute("select set_config('app.org', '', true)")

    with pytest.raises(psycopg.DatabaseError, match="must stand until commit"):
        await post_and_clear()


@pytest.mark.parametrize("table", ["ledger_entries", "ledger_lines", "entry_chain"])
@pytest.mark.parametrize(
    "change", ["update {} set org_id = org_id", "delete from {}", "truncate {} cascade"]
)
def test_not_even_the_administrator_changes_history(urls: Any, table: str, change: str) -> None:
    with psycopg.connect(urls.admin) as connection, pytest.raises(psycopg.Error) as refused:
        connection.execute(change.format(table))
    assert refused.value.sqlstate == "KL008"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change", ["insert into {} default values", "update {} set org_id = null", "delete from {}"]
)
async def test_the_application_writes_no_ledger_table_itself(
    database: Database, org: UUID, table: str, change: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        async with database.scoped(org, False) as connection:
            await connection.execute(change.format(table))


@pytest.mark.parametrize("table", TABLES)
async def test_an_organisation_sees_nothing_of_another(
    database: Database, org: UUID, other_org: UUID, post: Post, table: str
) -> None:
    await post(checkout_settled(an_arrival(org), FEE))
    async with database.scoped(other_org, False) as connection:
        cursor = await connection.execute(f"select count(*) as seen from {table}")
        assert await cursor.fetchone() == {"seen": 0}


@pytest.mark.parametrize("table", ["ledger_accounts", "ledger_entries", "ledger_lines"])
async def test_an_organisation_sees_its_own_rows_in_the_mode_they_were_made(
    database: Database, org: UUID, post: Post, table: str
) -> None:
    await post(checkout_settled(an_arrival(org), FEE))
    seen = []
    for livemode in (False, True):
        async with database.scoped(org, livemode) as connection:
            cursor = await connection.execute(f"select distinct org_id from {table}")
            seen.append([row["org_id"] for row in await cursor.fetchall()])
    assert seen == [[org], []]


async def test_without_a_scope_nothing_is_seen(database: Database, org: UUID, post: Post) -> None:
    await post(checkout_settled(an_arrival(org), FEE))
    async with database.pool.connection() as connection:
        cursor = await connection.execute("select count(*) as seen from ledger_lines")
        assert await cursor.fetchone() == {"seen": 0}


def test_every_policy_that_is_not_the_plain_one_is_named_with_its_reason(urls: Any) -> None:
    with psycopg.connect(urls.admin) as connection:
        policies = connection.execute(
            "select tablename, policyname from pg_policies where tablename = any(%s)"
            " and policyname <> 'org_scope' order by 1, 2", [list(TABLES)],
        ).fetchall()  # fmt: skip
        named = connection.execute(
            "select table_name, policy_name from rls_exceptions where table_name = any(%s)"
            " order by 1, 2", [list(TABLES)],
        ).fetchall()  # fmt: skip
    assert policies == named
    assert ("ledger_accounts", "kauri_ledger_policy") in named


def test_the_posting_role_owns_three_functions_and_cannot_make_more(urls: Any) -> None:
    with psycopg.connect(urls.admin) as connection:
        owned = connection.execute(
            "select proname from pg_proc where proowner = 'kauri_ledger'::regrole order by 1"
        ).fetchall()
        creates = connection.execute(
            "select has_schema_privilege('kauri_ledger', 'public', 'create')"
        ).fetchone()
    assert owned == [("fee_taken",), ("ledger_entry_holds",), ("post_entry",)]
    assert creates == (False,)
