"""What stands in the book under a receipt, in whosever name. Read as the system role."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from ledger.book import Receipt
from ledger.scope import account_at
from models.money import Money
from models.places import Place, ReceiptClaim

_STANDS = """
select e.id, e.org_id, e.about, a.currency,
       sum(case l.side when 'debit' then l.amount else -l.amount end)::bigint
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where a.name = %s and e.id in (
   select entry_id from provider_receipts
    where livemode = %s and rail = %s and account = %s and receipt = any(%s))
 group by e.id, e.org_id, e.about, a.currency order by e.id"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An entry that has the receipt, and what came with it to the place it is of.

    `about`: the saga or payment the entry names.
    """

    entry_id: str
    org: UUID
    about: str | None
    amount: Money


async def standing(
    connection: AsyncConnection[Any], claim: ReceiptClaim, *, into: Place, livemode: bool
) -> tuple[Standing, ...]:
    """Whatever is booked under one of the claim's names."""
    receipt = Receipt(
        rail=claim.rail, account=claim.account, number=claim.number, aliases=claim.aliases
    )
    named = [account_at(into).name, livemode, receipt.rail, receipt.account, receipt.names()]
    async with connection.cursor(row_factory=tuple_row) as cursor:
        rows = await (await cursor.execute(_STANDS, named)).fetchall()
    return tuple(
        Standing(entry_id=entry, org=org, about=about, amount=Money(amount, currency))
        for entry, org, about, currency, amount in rows
    )
