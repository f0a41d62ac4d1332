"""Refunds that wait for their merchant's money are told when it has come."""

from typing import TYPE_CHECKING, Any

from activities import waking
from ledger.chart import payable
from models import ids
from models.refund_order import FUNDS_CAME

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

#: Refunds told in one round, of one merchant and currency.
ROUND = 100

_SHORT = """
select distinct org_id, livemode, currency from sagas
 where kind = 'refund' and state = 'waiting_funds'"""
_BALANCE = """
select balance from ledger_accounts
 where name = %s and currency = %s and livemode = app_mode() and shard = 0"""
#: Oldest first, as far as the money goes: the others would find it short again.
_FITS = """
select id from (
  select id, created_at, sum(amount - (data->>'fee_returned')::bigint)
         over (order by created_at, id) as needed
    from sagas where org_id = app_org() and livemode = app_mode() and kind = 'refund'
     and state = 'waiting_funds' and currency = %s) waiting
 where needed <= %s order by created_at limit %s"""


class RefundWaking:
    """Leaves word for refunds that wait; the relay brings it."""

    def __init__(self, database: "Database", vault: "Vault") -> None:
        self._database = database
        self._vault = vault

    async def round(self) -> int:
        """One look at every merchant that is short; returns how many refunds were told.

        Each once per balance of the payable.
        """
        async with self._database.system() as connection:
            rows = await (await connection.execute(_SHORT)).fetchall()
        return sum([await self._told(row) for row in rows])

    async def _told(self, short: Any) -> int:
        org, livemode = short["org_id"], short["livemode"]
        sealed = await waking.word(self._vault, org, livemode=livemode, why=FUNDS_CAME)
        async with self._database.scoped(org, livemode) as connection:
            named = [payable(org).name, short["currency"]]
            row = await (await connection.execute(_BALANCE, named)).fetchone()
            balance = row["balance"] if row else 0
            return await _wake(connection, short, balance, sealed)


async def _wake(connection: "Connection", short: Any, balance: int, sealed: bytes) -> int:
    wanted = [short["currency"], balance, ROUND]
    rows = await (await connection.execute(_FITS, wanted)).fetchall()
    told = [
        await waking.wake(
            connection,
            short["org_id"],
            ids.shown(ids.REFUND, row["id"]),
            livemode=short["livemode"],
            occasion=str(balance),
            sealed=sealed,
        )
        for row in rows
    ]
    return sum(one is not None for one in told)
