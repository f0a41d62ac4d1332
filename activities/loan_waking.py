"""Loans that wait are looked at again: by every poll, and at once when the wallet is filled."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING
from uuid import UUID

from activities import waking
from models import ids
from models.wallet import Wallet

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

#: Reads a wallet on a connection: organisation and currency.
ReadsWallet = Callable[["Connection", UUID, str], Awaitable[Wallet]]

#: Loans of one round: a partner's server is not flooded.
ROUND = 500
_CURRENCY = "KES"

#: A wallet that still cannot bear the charges wakes nobody; the others are taken as luck has it.
_WAITING = """
select id from sagas where kind = 'loan_disbursement' and state = 'parked'
   and (%(loan)s::text is null or data->>'loan' = %(loan)s)
   and (data->>'parked_for' <> 'wallet' or (data->>'needed')::bigint <= %(available)s)
 order by random() limit %(round)s"""
_FUNDED = """
select id from sagas where kind = 'loan_disbursement' and state = 'parked'
   and data->>'parked_for' = 'wallet' and (data->>'needed')::bigint <= %(available)s
 order by created_at limit %(round)s"""
_SHORT = """
select distinct org_id, livemode from sagas
 where kind = 'loan_disbursement' and state = 'parked' and data->>'parked_for' = 'wallet'"""


class LoanWaking:
    """Leaves requests for loans that wait; the relay brings them."""

    def __init__(self, database: "Database", vault: "Vault", wallet: ReadsWallet) -> None:
        self._database = database
        self._vault = vault
        self._wallet = wallet

    async def waiting(
        self, org: UUID, *, livemode: bool, occasion: str, loan: int | None = None
    ) -> int:
        """Wake a partner's waiting loans, or one by its number there; returns how many.

        Each once per occasion.
        """
        return await self._wake(org, _WAITING, livemode=livemode, occasion=occasion, loan=loan)

    async def funded(self) -> int:
        """Wake the loans whose wallet can bear them by now, once per balance of the wallet."""
        async with self._database.system() as connection:
            rows = await (await connection.execute(_SHORT)).fetchall()
        return sum(
            [await self._wake(row["org_id"], _FUNDED, livemode=row["livemode"]) for row in rows]
        )

    async def _wake(
        self,
        org: UUID,
        query: str,
        *,
        livemode: bool,
        occasion: str | None = None,
        loan: int | None = None,
    ) -> int:
        sealed = await waking.word(self._vault, org, livemode=livemode, why="look again")
        async with self._database.scoped(org, livemode) as connection:
            available = (await self._wallet(connection, org, _CURRENCY)).available.minor
            fields = {
                "loan": None if loan is None else str(loan),
                "available": available,
                "round": ROUND,
            }
            rows = await (await connection.execute(query, fields)).fetchall()
            for row in rows:
                saga = ids.shown(ids.LOAN, row["id"])
                await waking.wake(
                    connection,
                    org,
                    saga,
                    livemode=livemode,
                    occasion=occasion or str(available),
                    sealed=sealed,
                )
        return len(rows)
