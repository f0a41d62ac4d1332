"""What the book says. Row-level security decides whose accounts are seen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from psycopg import AsyncConnection
from psycopg.rows import class_row

_BALANCES = """select name, currency, type, normal, sum(balance)::bigint as balance
  from ledger_accounts where livemode = %s group by name, currency, type, normal
  order by name, currency"""
_STATEMENT = """select e.at, e.id as entry_id, e.kind, l.side, l.amount,
    (sum(case l.side when a.normal then l.amount else -l.amount end)
      over (order by l.entry_seq, l.line_no))::bigint as balance
  from ledger_lines l join ledger_accounts a on a.id = l.account_id
  join ledger_entries e on e.seq = l.entry_seq
  where a.name = %s and a.currency = %s and a.livemode = %s
  order by l.entry_seq, l.line_no limit %s"""
_ENTRIES = """select e.id as entry_id, e.at, e.kind, a.name as account, a.currency, l.side, l.amount
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
  where e.id >= %s || '/' and e.id < %s || '0' order by e.seq, l.line_no"""

Connection: TypeAlias = AsyncConnection[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One account's balance in minor units, in its normal sign."""

    name: str
    currency: str
    type: str
    normal: str
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One line of an account's statement and the balance after it."""

    at: datetime
    entry_id: str
    kind: str
    side: str
    amount: int
    balance: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedLine:
    """One line of an entry, for a trace."""

    entry_id: str
    at: datetime
    kind: str
    account: str
    currency: str
    side: str
    amount: int


async def balances(connection: Connection, *, livemode: bool) -> list[Balance]:
    """Every account in sight with its balance."""
    async with connection.cursor(row_factory=class_row(Balance)) as cursor:
        await cursor.execute(_BALANCES, [livemode])
        return await cursor.fetchall()


async def trial_balance(connection: Connection, *, livemode: bool) -> dict[str, int]:
    """Debits minus credits per currency over all accounts: zero each, when all are in sight."""
    totals: dict[str, int] = {}
    for account in await balances(connection, livemode=livemode):
        signed = account.balance if account.normal == "debit" else -account.balance
        totals[account.currency] = totals.get(account.currency, 0) + signed
    return totals


async def statement(
    connection: Connection, account: str, currency: str, *, livemode: bool, limit: int = 1_000
) -> list[Movement]:
    """The account's lines in the order they were booked, oldest first."""
    async with connection.cursor(row_factory=class_row(Movement)) as cursor:
        await cursor.execute(_STATEMENT, [account, currency, livemode, limit])
        return await cursor.fetchall()


async def booked(connection: Connection, subject: str) -> list[BookedLine]:
    """The lines in sight of every entry of one attempt or case."""
    async with connection.cursor(row_factory=class_row(BookedLine)) as cursor:
        await cursor.execute(_ENTRIES, [subject, subject])
        return await cursor.fetchall()
