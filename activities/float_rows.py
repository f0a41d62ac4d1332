"""The SQL of float purchases, in the partner's scope: what the rows of one remember."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models.float_order import FLOAT, FloatFacts, Told
from models.float_proof import BALANCE_AGE, UNCLEAR_AT_MOST, Balances, Paid, Where
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
#: A payout may still leave the short code for so long after the last that was heard of it.
_UNDER_WAY = timedelta(days=1)
#: A payout leaves between the moment its row is made and the moment it is written as paid.
_PAID = """
with moving as (
  select amount, state = 'succeeded' and created_at >= %(before)s and updated_at < %(now)s - %(age)s
    as sure
    from instructions
   where rail = 'mpesa_b2c' and currency = %(currency)s and created_at < %(now)s
     and (state = 'succeeded' and updated_at >= %(before)s - %(age)s
       or state in ('sending','accepted','awaiting_customer','unknown','needs_review')
         and updated_at >= %(before)s - %(under_way)s))
select coalesce(sum(amount) filter (where sure), 0)::bigint as sure,
  coalesce((array_agg(amount) filter (where not sure))[1:%(most)s], '{}') as unclear from moving"""


async def facts(
    connection: "Connection", saga_id: UUID, wallet: ReadsWallet, now: datetime | None
) -> FloatFacts:
    """What is known of a purchase. Raises LookupError for one that is not there.

    `now`: when the balances came that are compared with those before; None: nothing is compared.
    """
    row = await (await connection.execute(_SAGA, [saga_id])).fetchone()
    if row is None:
        raise LookupError("the purchase is not there")
    told = await (await connection.execute(_TOLD, [saga_id])).fetchall()
    standing = await wallet(connection, row["org_id"], row["currency"])
    where, before = row["data"].get("landed"), _before(row)
    paid = (
        await paid_between(connection, row["currency"], before.at, now) if before and now else None
    )
    return FloatFacts(
        told={one["rail"]: _instruction(one) for one in told},
        before=before,
        landed=Where(where) if where else None,
        proven=await _proven(connection, told),
        paid=paid.sure if paid else None,
        unclear=paid.unclear if paid else (),
        available=standing.available,
    )


async def begun(connection: "Connection", instruction: UUID) -> datetime | None:
    """When the instruction was first sent; None where it never was."""
    row = await (await connection.execute(_FIRST, [instruction])).fetchone()
    return row["created_at"] if row else None


async def paid_between(
    connection: "Connection", currency: str, before: datetime, now: datetime
) -> Paid:
    """What was paid for loans from the short code between the balances of those moments."""
    values = {
        "currency": currency,
        "before": before,
        "now": now,
        "age": BALANCE_AGE,
        "under_way": _UNDER_WAY,
        "most": UNCLEAR_AT_MOST + 1,
    }
    row = await (await connection.execute(_PAID, values)).fetchone()
    if row is None:
        raise RuntimeError("a sum is one row")
    unclear = tuple(Money(minor, currency) for minor in row["unclear"])
    return Paid(sure=Money(row["sure"], currency), unclear=unclear)


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
