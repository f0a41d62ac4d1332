"""What one payment brought its merchant, read in the merchant's scope."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger.calendars import calendar
from ledger.chart import payable
from models.money import Money

if TYPE_CHECKING:
    from psycopg import AsyncConnection

_BROUGHT = """
select e.currency, e.at, split_part(e.receipt, ':', 1) as rail,
       sum(case l.side when 'credit' then l.amount else -l.amount end)::bigint as net
  from ledger_entries e join ledger_lines l on l.entry_seq = e.seq
  join ledger_accounts a on a.id = l.account_id
 where e.about = %s and e.kind in ('settled','accepted') and a.name = %s
 group by e.seq order by e.seq limit 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """`net`: what the merchant is owed of it, less our fee and tax, and when it is available."""

    net: Money
    available_at: datetime


async def captured(connection: "AsyncConnection[Any]", org: UUID, payment: str) -> Capture | None:
    """None for a payment that brought the merchant nothing."""
    asked = [payment, payable(org).name]
    row = await (await connection.execute(_BROUGHT, asked)).fetchone()
    if row is None or row["net"] <= 0:
        return None
    rules = await calendar(connection)
    return Capture(
        net=Money(row["net"], row["currency"]),
        available_at=rules.available_at(row["rail"] or None, row["at"]),
    )
