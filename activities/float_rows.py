"""The SQL of float purchases, in the partner's scope: what the rows of one remember."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models.float_order import FLOAT, FloatFacts, Told
from models.float_proof import Balances, Where
from models.lifecycle import AttemptState
from models.money import Money
from models.wallet import Wallet

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

#: How the ledger reads a wallet, in the caller's scope.
ReadsWallet = Callable[["Connection", UUID, str], Awaitable[Wallet]]

_SAGA = "select * from sagas where id = %s"
_TOLD = """
select id, rail, number, state from instructions where saga_id = %s order by rail, number"""
_SHOWN = "select distinct source from evidence where attempt_id = %s and verdict = 'settled'"
_FIRST = "select created_at from instructions where id = %s"
_PAID = """
select coalesce(sum(amount), 0)::bigint as paid from instructions
 where rail = 'mpesa_b2c' and state = 'succeeded' and currency = %s and updated_at >= %s"""


async def facts(connection: "Connection", saga_id: UUID, wallet: ReadsWallet) -> FloatFacts:
    """What is known of a purchase. Raises LookupError for one that is not there."""
    row = await (await connection.execute(_SAGA, [saga_id])).fetchone()
    if row is None:
        raise LookupError("the purchase is not there")
    told = await (await connection.execute(_TOLD, [saga_id])).fetchall()
    standing = await wallet(connection, row["org_id"], row["currency"])
    where, before = row["data"].get("landed"), _before(row)
    return FloatFacts(
        told={one["rail"]: _instruction(one) for one in told},
        before=before,
        landed=Where(where) if where else None,
        proven=await _proven(connection, told),
        paid=await paid_since(connection, row["currency"], before.at) if before else None,
        available=standing.available,
    )


async def begun(connection: "Connection", instruction: UUID) -> datetime | None:
    """When the instruction was first sent; None where it never was."""
    row = await (await connection.execute(_FIRST, [instruction])).fetchone()
    return row["created_at"] if row else None


async def paid_since(connection: "Connection", currency: str, since: datetime) -> Money:
    """What loans were paid from the short code since then."""
    row = await (await connection.execute(_PAID, [currency, since])).fetchone()
    return Money(row["paid"] if row else 0, currency)


async def _proven(connection: "Connection", told: "Sequence[Row]") -> tuple[str, ...]:
    bought = [one for one in told if one["rail"] == FLOAT]
    if not bought or bought[-1]["state"] in {"failed", "rejected"}:
        return ()
    rows = await (await connection.execute(_SHOWN, [bought[-1]["id"]])).fetchall()
    return tuple(sorted(row["source"] for row in rows))


def _instruction(row: "Row") -> Told:
    return Told(number=row["number"], state=AttemptState(row["state"]))


def _before(row: "Row") -> Balances | None:
    data, currency = row["data"], row["currency"]
    if data.get("measured_at") is None:
        return None
    return Balances(
        utility=Money(data["utility_before"], currency),
        working=Money(data["working_before"], currency),
        at=datetime.fromisoformat(data["measured_at"]),
    )
