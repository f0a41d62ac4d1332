"""What the book says of a partner's wallet, in the partner's scope.

Connections give rows as mappings. Activities read here too, so the driver is not imported.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from ledger.chart import partner_wallet, partner_wallet_held
from models.money import Money
from models.wallet import Wallet

if TYPE_CHECKING:
    from psycopg import AsyncConnection

    Connection = AsyncConnection[Any]

_BALANCES = """
select name, balance from ledger_accounts
 where name = any(%s) and currency = %s and livemode = app_mode()"""
# One row per entry, newest first: netting an old debt is part of the entry that brought money.
# A loan's receipt stands on the entry of the mirror, found by the id's index.
_LINES = """
select moved.entry_seq as seq, e.id as entry_id, e.kind, e.about, e.at, moved.amount, moved.balance,
       coalesce(e.receipt, (select r.receipt from ledger_entries r
          where r.id >= e.about || '/' and r.id < e.about || '0' and r.receipt is not null
          order by r.seq limit 1)) as receipt
  from (select l.entry_seq,
               sum(case l.side when 'credit' then l.amount else -l.amount end)::bigint as amount,
               (array_agg(l.balance_after order by l.line_no desc))[1] as balance
          from ledger_lines l
         where l.account_id = (select id from ledger_accounts where name = %(name)s
                 and currency = %(currency)s and livemode = app_mode() and shard = 0)
           and (%(before)s::bigint is null or l.entry_seq < %(before)s)
         group by l.entry_seq order by l.entry_seq desc limit %(limit)s) as moved
  join ledger_entries e on e.seq = moved.entry_seq
 order by moved.entry_seq desc"""


async def wallet(connection: "Connection", org: UUID, currency: str) -> Wallet:
    """Available and held; a wallet nothing was ever paid into is empty."""
    names = [partner_wallet(org).name, partner_wallet_held(org).name]
    rows = await (await connection.execute(_BALANCES, [names, currency])).fetchall()
    found = {row["name"]: row["balance"] for row in rows}
    available, held = (Money(found.get(name, 0), currency) for name in names)
    return Wallet(available=available, held=held)


async def transactions(
    connection: "Connection", org: UUID, currency: str, *, before: int | None, limit: int
) -> Sequence[Mapping[str, Any]]:
    """Entries that moved the wallet, newest first, from below the number `before`."""
    values = {
        "name": partner_wallet(org).name,
        "currency": currency,
        "before": before,
        "limit": limit,
    }
    return await (await connection.execute(_LINES, values)).fetchall()
