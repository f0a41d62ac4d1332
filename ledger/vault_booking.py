"""From a posting of the vault to entries in the book, in the caller's transaction.

A posting has at most one entry of memo accounts and one of money, always in that order, and
its receipt is claimed by the first. So every transaction takes receipts, then memo accounts,
then money accounts, each kind in its own fixed order, and none waits for another crosswise.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from ledger import availability, claims
from ledger.book import Book, PostedAs, Receipt
from ledger.chart import partner_wallet
from ledger.entry import Entry
from ledger.errors import Overdrawn
from ledger.scope import Scope
from ledger.vault_postings import entries
from models.money import Money
from models.payout_postings import PayoutRequested
from models.places import Place, ReceiptClaim
from models.vault_postings import VaultPosting

#: Postings that take what is available of a payable, and not merely what is owed. The payable is
#: locked by the entry that has just been posted: what was read is so until the commit.
FROM_AVAILABLE = (PayoutRequested,)

_WALLET = """
select sum(case l.side when 'credit' then l.amount else -l.amount end)::bigint,
       (array_agg(l.balance_after order by l.entry_seq desc, l.line_no desc))[1]
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where e.id = any(%s) and a.name = %s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletChange:
    """What a posting did to the wallet, read while it is locked."""

    before: Money
    after: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked:
    """What became of a posting. Unless it stands the transaction must be rolled back.

    `short`: a decision would overdraw. `claimed_by`: the entry that has the receipt, None also
    when that is another organisation's. `wallet`: None when the wallet did not move.
    """

    stands: bool
    short: bool = False
    entry_ids: tuple[str, ...] = ()
    claimed_by: str | None = None
    wallet: WalletChange | None = None


class VaultBooking:
    """Books postings of the vault."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def book(
        self, connection: AsyncConnection[Any], *, org: UUID, livemode: bool, posting: VaultPosting
    ) -> Booked:
        """Post in the open transaction, whose scope is `org` and `livemode`.

        Repeating it changes nothing. Raises a LedgerError for what must not happen; a wallet
        that is too small, or money that is not available yet, is no error but `short`.
        """
        found = entries(posting, Scope(org=org, livemode=livemode))
        receipt, fresh = _receipt(posting), False
        for entry in found:
            try:
                posted = await self._book.post(connection, entry, receipt)
            except Overdrawn:
                return Booked(stands=False, short=True)
            if not posted.stands:
                return Booked(stands=False, claimed_by=posted.entry_id)
            receipt, fresh = None, posted.outcome is PostedAs.POSTED
        if fresh and not await _available(connection, org, posting):
            return Booked(stands=False, short=True)
        wallet = await _wallet(connection, org, found)
        return Booked(stands=True, entry_ids=tuple(entry.id for entry in found), wallet=wallet)

    async def standing(
        self, connection: AsyncConnection[Any], claim: ReceiptClaim, *, into: Place, livemode: bool
    ) -> tuple[claims.Standing, ...]:
        """What is booked under a receipt, in whosever name. The system role."""
        return await claims.standing(connection, claim, into=into, livemode=livemode)


def _receipt(posting: VaultPosting) -> Receipt | None:
    told: ReceiptClaim | None = getattr(posting, "receipt", None)
    if told is None:
        return None
    return Receipt(rail=told.rail, account=told.account, number=told.number, aliases=told.aliases)


async def _available(connection: AsyncConnection[Any], org: UUID, posting: VaultPosting) -> bool:
    """Whether what has just been taken was there to be taken."""
    if not isinstance(posting, FROM_AVAILABLE):
        return True
    left = await availability.balance(connection, org, posting.amount.currency)
    return left.available.minor >= 0


async def _wallet(
    connection: AsyncConnection[Any], org: UUID, found: tuple[Entry, ...]
) -> WalletChange | None:
    name = partner_wallet(org).name
    touching = [entry for entry in found if name in entry.accounts()]
    if not touching:
        return None
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_WALLET, [[entry.id for entry in touching], name])
        change, after = await cursor.fetchone() or (0, 0)
    currency = touching[0].currency
    return WalletChange(before=Money(after - change, currency), after=Money(after, currency))
