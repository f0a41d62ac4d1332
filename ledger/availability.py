"""What of a payable may be paid out: not what its rail has not settled, nor what is reserved.

Credits are summed up by the day of their capture when somebody asks, each line once. Entries of
one payable commit in the order of their numbers, for it is locked while one is made: whatever is
seen above the mark is all there is up to it. So the mark's row is the only lock needed here.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger.calendars import calendar
from ledger.chart import escrows, held, merchant_receivable, payable
from models.balance import MerchantBalance
from models.money import Money
from models.settlement import Calendar, Reserve

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    Connection = AsyncConnection[Any]

#: Longer than any rail takes and any reserve lasts; older days are forgotten.
KEPT = timedelta(days=200)

_OPEN = """
insert into payable_marks (org_id, livemode, currency) values (app_org(), app_mode(), %s)
on conflict do nothing"""
_MARK = "select upto from payable_marks where currency = %s and livemode = app_mode() for update"
# What is reversed counts for the day it was captured on, and takes its pending part with it. What
# an escrow releases counts for the day its payer's money was captured on, by that money's rail;
# its account is found before its lines are: in one subquery the planner reads the whole ledger for
# each line, in order, for the first that fits. Where there is no account nothing is looked for:
# without `kept.id is not null` that is so only where the tables were analysed.
_NEWEST = """
select a.id, (select max(entry_seq) from ledger_lines where account_id = a.id) as newest
  from ledger_accounts a where a.name = %s and a.currency = %s and a.livemode = app_mode()
   and a.shard = 0"""
_LINES = """
select split_part(coalesce(f.receipt, o.receipt, e.receipt), ':', 1) as rail,
       date_trunc('minute', coalesce(f.at, o.at, e.at)) as at,
       sum(case l.side when 'credit' then l.amount else -l.amount end)::bigint as amount
  from ledger_lines l join ledger_entries e on e.seq = l.entry_seq
  left join ledger_entries o on o.id = e.reverses
  left join ledger_accounts kept on e.kind = 'released' and kept.name = %(escrow)s || e.about
   and kept.currency = e.currency and kept.livemode = app_mode() and kept.shard = 0
  left join lateral (
    select funded.receipt, funded.at
      from ledger_lines brought join ledger_entries funded on funded.seq = brought.entry_seq
     where kept.id is not null and brought.account_id = kept.id and brought.side = 'credit'
     order by brought.entry_seq limit 1) f on true
 where l.account_id = %(account)s and l.entry_seq > %(upto)s and l.entry_seq <= %(newest)s
   and (coalesce(o.kind, e.kind) = 'settled' or f.at is not null)
   and coalesce(f.at, o.at, e.at) > %(oldest)s
 group by 1, 2"""
_ADD = """
insert into payable_days as d (org_id, livemode, currency, captured_on, available_at, amount)
values (app_org(), app_mode(), %s, %s, %s, %s)
on conflict (org_id, livemode, currency, captured_on, available_at)
do update set amount = d.amount + excluded.amount"""
_SET = "update payable_marks set upto = %s where currency = %s and livemode = app_mode()"
_FORGET = "delete from payable_days where currency = %s and captured_on < %s"
_NAMED = """
select name, balance from ledger_accounts
 where name = any(%s) and currency = %s and livemode = app_mode()"""
_SUMS = """
select coalesce(sum(amount) filter (where available_at > %(now)s), 0)::bigint as pending,
       coalesce(sum(amount) filter (where available_at <= %(now)s
         and captured_on > %(now)s::date - r.days), 0)::bigint as settled,
       r.basis_points, r.days
  from (select 1) as one
  left join rolling_reserves r on r.livemode = app_mode() and r.org_id = app_org()
  left join payable_days d on d.currency = %(currency)s and d.livemode = app_mode()
   and d.org_id = app_org()
 group by r.basis_points, r.days"""
_CURRENCIES = """
select distinct currency from ledger_accounts
 where name = any(%s) and livemode = app_mode() order by currency"""


async def balance(
    connection: "Connection", org: UUID, currency: str, now: datetime | None = None
) -> MerchantBalance:
    """One currency, in a transaction of the organisation that will be committed or undone whole."""
    at = now or datetime.now(UTC)
    await _catch_up(connection, org, currency, at)
    asked = {"now": at, "currency": currency}
    sums = await (await connection.execute(_SUMS, asked)).fetchone() or {}
    names = [account(org).name for account in (payable, held, merchant_receivable)]
    rows = await (await connection.execute(_NAMED, [names, currency])).fetchall()
    found = {row["name"]: row["balance"] for row in rows}
    owed, set_aside, receivable = (Money(found.get(name, 0), currency) for name in names)
    return MerchantBalance(
        owed=owed,
        pending=Money(sums["pending"], currency),
        reserved=Money(_reserved(sums), currency),
        held=set_aside,
        receivable=receivable,
    )


async def owed(connection: "Connection", org: UUID, currency: str) -> Money:
    """What the merchant is owed, pending and reserved included: quick, and holds no lock."""
    rows = await (await connection.execute(_NAMED, [[payable(org).name], currency])).fetchall()
    return Money(sum(row["balance"] for row in rows), currency)


async def currencies(connection: "Connection", org: UUID) -> list[str]:
    """The currencies the merchant was ever owed something in."""
    names = [payable(org).name, held(org).name]
    rows = await (await connection.execute(_CURRENCIES, [names])).fetchall()
    return [row["currency"] for row in rows]


async def _catch_up(connection: "Connection", org: UUID, currency: str, now: datetime) -> None:
    """Sum up what was booked since somebody last asked."""
    upto = await _mark(connection, currency)
    asked = [payable(org).name, currency]
    account = await (await connection.execute(_NEWEST, asked)).fetchone()
    if account is None or account["newest"] is None or account["newest"] <= upto:
        return
    values = {"account": account["id"], "upto": upto, "newest": account["newest"]}
    rows = await connection.execute(
        _LINES, {**values, "escrow": escrows(org), "oldest": now - KEPT}
    )
    lines = await rows.fetchall()
    for (day, moment), amount in (await _by_day(connection, lines)).items():
        await connection.execute(_ADD, [currency, day, moment, amount])
    await connection.execute(_SET, [account["newest"], currency])
    if lines:
        await connection.execute(_FORGET, [currency, (now - KEPT).date()])


async def _mark(connection: "Connection", currency: str) -> int:
    """The last entry that is summed up, held until the transaction ends."""
    row = await (await connection.execute(_MARK, [currency])).fetchone()
    if row is None:
        await connection.execute(_OPEN, [currency])
        row = await (await connection.execute(_MARK, [currency])).fetchone()
    return int(row["upto"]) if row else 0


async def _by_day(
    connection: "Connection", lines: Sequence[Mapping[str, Any]]
) -> dict[tuple[Any, datetime], int]:
    sums: dict[tuple[Any, datetime], int] = {}
    rules = await calendar(connection) if lines else Calendar()
    for line in lines:
        captured = line["at"].astimezone(UTC)
        key = (captured.date(), rules.available_at(line["rail"], captured))
        sums[key] = sums.get(key, 0) + line["amount"]
    return sums


def _reserved(sums: Mapping[str, Any]) -> int:
    if sums["basis_points"] is None:
        return 0
    return Reserve(basis_points=sums["basis_points"], days=sums["days"]).of(sums["settled"])
