"""The book: the only writer of the ledger, one database call per entry.

Post last before the commit: hot accounts stay locked from the posting to the commit. One entry
per transaction never deadlocks; two may, and PostgreSQL then aborts one of the transactions.
"""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from ledger.chart import Account
from ledger.entry import Entry
from ledger.errors import refusal_of

_POST = """select * from post_entry(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s::text[], %s::json,
  %s::int[], %s::int[], %s::bigint[], %s, %s, %s, %s::text[])"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """A provider's proof of one movement on one of our accounts, claimed once for ever.

    `aliases` name the same fact (bank reference, statement reference). Letter case and
    surrounding space do not make two receipts different. Raises ValueError without a number.
    """

    rail: str
    account: str
    number: str
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.number.strip():
            raise ValueError("a receipt without a number claims nothing")

    def names(self) -> list[str]:
        """The number first, then the aliases, each once."""
        spelled = (name.strip().upper() for name in (self.number, *self.aliases))
        return list(dict.fromkeys(name for name in spelled if name))


class PostedAs(StrEnum):
    """What became of an entry."""

    POSTED = "posted"
    ALREADY = "already"
    RECEIPT_CLAIMED = "receipt_claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What stands after posting. `entry_id` is the entry that stands: with RECEIPT_CLAIMED the
    one that has the receipt, None when that is another organisation's.

    `to_receivable`, minor units: above zero the payable could not bear this much (pause payouts,
    alert); below zero this much of an older debt was netted.
    """

    outcome: PostedAs
    entry_id: str | None
    to_receivable: int

    @property
    def stands(self) -> bool:
        """True when the entry is in the book, now or since before."""
        return self.outcome is not PostedAs.RECEIPT_CLAIMED


class Book:
    """Posts entries inside the caller's transaction, so that rows and money commit together."""

    async def post(
        self, connection: AsyncConnection[Any], entry: Entry, receipt: Receipt | None = None
    ) -> Posted:
        """Post once; a repeat changes nothing and returns what stands.

        The transaction must be open with app.org and app.mode set to the entry's. Raises a
        LedgerError (ledger/errors.py), and then the transaction is lost.
        """
        try:
            async with connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(_POST, _arguments(entry, receipt))
                row = await cursor.fetchone()
        except psycopg.Error as error:
            if refusal := refusal_of(error):
                raise refusal from error
            raise
        if row is None:
            raise RuntimeError("post_entry returns one row")
        return Posted(outcome=PostedAs(row[0]), entry_id=row[1], to_receivable=row[2])


def _arguments(entry: Entry, receipt: Receipt | None) -> list[object]:
    accounts = entry.accounts()
    at = {name: position for position, name in enumerate(accounts, 1)}
    return [
        entry.id, entry.org, entry.livemode, entry.kind, entry.about, entry.description,
        entry.currency, entry.decided, entry.reverses,
        list(accounts), f"[{','.join(map(_described, accounts.values()))}]",
        [at[move.debit.name] for move in entry.moves],
        [at[move.credit.name] for move in entry.moves],
        [move.amount.minor for move in entry.moves],
        at[entry.backing.payable.name] if entry.backing else None,
        *((receipt.rail, receipt.account, receipt.names()) if receipt else (None, None, None)),
    ]  # fmt: skip


@lru_cache(maxsize=4096)
def _described(account: Account) -> str:
    """What the database needs to open an account it has not seen."""
    facts = asdict(account)
    return json.dumps({**facts, "owner": str(account.owner)})
