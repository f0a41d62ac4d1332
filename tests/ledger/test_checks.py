"""Every invariant query sees what it is for: each kind of tampering is named by its check."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
import pytest
from typer.testing import CliRunner

from cli.ledger import ledger_app
from ledger import checks
from ledger.book import Book, Posted, Receipt
from ledger.chain import Chainer, broken_links
from ledger.chart import Side, partner_memo
from ledger.entry import Entry, Move
from ledger.holds import stale_holds
from ledger.postings import Arrival, checkout_settled, provider_reversal
from ledger.vault_booking import VaultBooking
from models.fees import Fee
from models.ids import LOAN, mint, shown, uuid7
from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.vault_postings import LoanAccepted, TopUpCredited
from runtime.database import Database

Post: TypeAlias = Callable[..., Awaitable[Posted]]
FEE = Fee(net=Money(200, "KES"), tax=Money(25, "KES"))

#: What somebody with the server's keys could do, and the checks that must say so.
TAMPERING = {
    "update ledger_lines set amount = amount + 1 where line_no = 1": {
        "I1", "I2", "I2 running", "I12",
    },
    "update ledger_lines set side = case side when 'debit' then 'credit' else 'debit' end": {
        "I2", "I2 running", "I12",
    },
    """update ledger_lines set amount = 2 * amount
        where entry_seq in (select seq from ledger_entries where reverses is not null)""": {
        "I8", "I2", "I12",
    },
    "delete from ledger_lines where line_no = 6": {"I1", "I2", "I12"},
    "update ledger_lines set entry_seq = entry_seq + 1000000": {"I1", "I1 orphans", "I12"},
    "update ledger_accounts set balance = balance + 1 where name like '%payable'": {"I2"},
    "update ledger_accounts set currency = 'UGX' where name like '%payable'": {"I1", "I13"},
    "update ledger_entries set kind = 'settled', about = 'pay_1'": {"I3"},
    "update ledger_accounts set balance = -1 where name like '%payable'": {"I2", "overdrafts"},
    "update ledger_accounts set balance = 0 where name like 'provider:%'": {"I2", "I13"},
    "delete from provider_receipts": {"I14"},
    "update provider_receipts set entry_id = 'nobody/settled'": {"I14"},
    "update entry_chain set hash = sha256('x') where seq = 1": {"I12"},
    "update entry_chain set seq = seq + 100 where seq = 2": {"I12"},
    "delete from entry_chain where seq = 1": {"I12"},
    "update ledger_entries set at = at - interval '1 hour'; delete from entry_chain": {"chain lag"},
    "update ledger_accounts set type = 'memo' where name like '%payable'": {"I1", "memo"},
    """insert into floats (id, org_id, livemode, kind, rail, wallet, currency, account, reserved)
       select gen_random_uuid(), id, false, 'wallet', 'wave', 'w', 'XOF', 'a', 5 from orgs
        where kind = 'platform'""": {"gate"},
}  # fmt: skip
TABLES = ("ledger_lines", "ledger_entries", "entry_chain")


def a_checkout(org: UUID) -> Entry:
    arrival = Arrival(
        attempt_id=mint("att"), payment_id=mint("pay"), org=org, livemode=False,
        provider="mpesa", wallet="600000/utility", amount=Money(10_000, "KES"),
    )  # fmt: skip
    return checkout_settled(arrival, FEE)


@pytest.fixture
async def a_day(database: Database, org: UUID, post: Post) -> None:
    """Three checkouts, one of them reversed, a memo move, all chained."""
    entries = [a_checkout(org) for _ in range(3)]
    for entry in entries:
        await post(entry, Receipt(rail="mpesa", account="600000", number=mint("r")))
    await post(provider_reversal(entries[0]))
    mirror = Move(
        debit=partner_memo(org, "paybill", Side.DEBIT),
        credit=partner_memo(org, "suspense", Side.CREDIT),
        amount=Money(700, "KES"),
    )
    await post(Entry(id=f"{mint('c2b')}/received", org=org, livemode=False, moves=(mirror,)))
    await a_hold(database, org)
    await Chainer(database.pool).run_once()


async def a_hold(database: Database, org: UUID) -> None:
    """A loan in flight, whose charges the wallet holds."""
    into = BankAccount(bank="ncba", account="001")
    receipt = ReceiptClaim(rail="ncba", account="001", number=mint("r"))
    loan, amount = uuid7(), Money(500, "KES")
    accepted = LoanAccepted(loan_id=shown(LOAN, loan), charges=amount)
    async with database.scoped(org, False) as connection:
        for posting in (
            TopUpCredited(topup_id=mint("tu"), amount=amount, into=into, receipt=receipt),
            accepted,
        ):
            await VaultBooking(Book()).book(connection, org=org, livemode=False, posting=posting)
        await connection.execute(
            "insert into sagas (id, org_id, livemode, kind, state, amount, currency)"
            " values (%s, %s, false, 'loan_disbursement', 'held', 90000, 'KES')",
            [loan, org],
        )


async def broken(database: Database) -> set[str]:
    async with database.system() as connection:
        return {one.name for one in await checks.check(connection) if one.violations}


async def test_an_honest_day_breaks_nothing(database: Database, a_day: None) -> None:
    assert await broken(database) == set()


@pytest.mark.parametrize(("change", "seen"), TAMPERING.items())
def test_tampering_is_seen(urls: Any, a_day: None, change: str, seen: set[str]) -> None:
    with psycopg.connect(urls.admin) as connection:
        for table in TABLES:
            connection.execute(f"alter table {table} disable trigger append_only")
        connection.execute(change)
        found = {
            name
            for name, _, query in checks.QUERIES
            if connection.execute(query).fetchone() is not None
        }
        connection.rollback()
    assert seen - {"I12"} <= found


@pytest.mark.parametrize("change", [c for c, seen in TAMPERING.items() if "I12" in seen])
async def test_a_tampered_entry_or_link_breaks_the_chain(
    urls: Any, a_day: None, change: str
) -> None:
    async with await psycopg.AsyncConnection.connect(urls.admin) as connection:
        for table in TABLES:
            await connection.execute(f"alter table {table} disable trigger append_only")
        await connection.execute(change)
        found = await broken_links(connection)
        await connection.rollback()
    assert found != []


@pytest.mark.parametrize(
    "change",
    [
        "update sagas set state = 'failed'",
        "delete from sagas",
        "update ledger_entries set about = 'nobody' where kind = 'accepted'",
        """update ledger_lines l set side = case side when 'debit' then 'credit' else 'debit' end
             from ledger_accounts a where a.id = l.account_id and a.name like '%wallet_held'""",
    ],
)
async def test_a_hold_that_nobody_ends_is_seen(urls: Any, a_day: None, change: str) -> None:
    async with await psycopg.AsyncConnection.connect(urls.admin) as connection:
        for table in TABLES:
            await connection.execute(f"alter table {table} disable trigger append_only")
        assert await stale_holds(connection) == []
        await connection.execute(change)
        found = await stale_holds(connection)
        await connection.rollback()
    assert found != []


class EndedMeanwhile(psycopg.AsyncCursor[Any]):
    """Sagas end, with what they hold, between the first two questions: the states say so first."""

    asked = 0

    async def execute(self, query: Any, params: Any = None, **rest: Any) -> Any:
        if "from sagas" in query:
            type(self).asked += 1
            if self.asked == 1:
                await super().execute("savepoint moved")
                await super().execute("update sagas set state = 'failed'")
        elif self.asked == 1:
            await super().execute("rollback to savepoint moved")
        return await super().execute(query, params, **rest)


async def test_a_saga_that_ends_while_it_is_looked_is_no_stale_hold(urls: Any, a_day: None) -> None:
    async with await psycopg.AsyncConnection.connect(urls.admin) as connection:
        connection.cursor_factory = EndedMeanwhile
        assert await stale_holds(connection) == []
        assert EndedMeanwhile.asked == 2
        await connection.rollback()


def test_the_command_prints_every_invariant_and_ends_with_0(
    urls: Any, a_day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)
    answer = CliRunner().invoke(ledger_app, ["check", "--json"])
    assert answer.exit_code == 0, answer.output
    printed = {one["name"]: one["violations"] for one in json.loads(answer.output)}
    assert {"I1", "I2", "I3", "I8", "I12", "I13", "I14"} <= printed.keys()
    assert set(printed.values()) == {0}
    assert "the hash chains verify" in CliRunner().invoke(ledger_app, ["check"]).output


def test_the_command_names_what_is_broken_and_ends_with_1(
    urls: Any, a_day: None, org: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)
    wrong = "update ledger_accounts set balance = balance + %s where org_id = %s and name like %s"
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute(wrong, [1, org, "%:payable"])
        answer = CliRunner().invoke(ledger_app, ["check"])
        connection.execute(wrong, [-1, org, "%:payable"])
    assert answer.exit_code == 1
    assert ":payable" in answer.output


def test_balances_are_printed_per_account(
    urls: Any, a_day: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)
    answer = CliRunner().invoke(ledger_app, ["balances", "--json"])
    found = json.loads(answer.output)
    assert found["provider:mpesa:600000/utility:float KES"] > 0
    assert "house:fees:collection" in CliRunner().invoke(ledger_app, ["balances"]).output
