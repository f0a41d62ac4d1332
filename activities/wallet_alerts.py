"""Telling a partner once that the wallet runs low, in the transaction that made it so."""

from typing import TYPE_CHECKING
from uuid import UUID

from models.money import Money
from models.wallet import LowWallet

if TYPE_CHECKING:
    from runtime.database import Connection

# The row is locked after the wallet, always; only a change of state writes it.
_CROSS = """
update wallet_alerts set crossed_at = now(), updated_at = now(),
       state = case state when 'above' then 'below' else 'above' end
 where org_id = %(org)s and livemode = %(livemode)s and currency = %(currency)s
   and (state = 'below') <> (%(balance)s < threshold)
returning state, threshold, recommended"""


async def crossed(
    connection: "Connection", *, org: UUID, livemode: bool, balance: Money
) -> LowWallet | None:
    """What to tell when the wallet has just fallen below its threshold; else None.

    Call it after posting, with the wallet's new balance. Back above, the alert is armed again.
    """
    values = {
        "org": org,
        "livemode": livemode,
        "currency": balance.currency,
        "balance": balance.minor,
    }
    row = await (await connection.execute(_CROSS, values)).fetchone()
    if row is None or row["state"] == "above":
        return None
    return LowWallet(
        balance=balance,
        threshold=Money(row["threshold"], balance.currency),
        recommended=Money(row["recommended"], balance.currency),
    )
