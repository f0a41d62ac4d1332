"""The gate of every float, in PostgreSQL: one row lock per float decides who may send."""

from typing import TYPE_CHECKING, Any

from temporalio import activity

from ledger.scope import account_at
from models import ids
from models.float_gate import FloatAnswer, FloatAsk, FloatEnd, Gate
from models.ids import PLATFORM_ORG
from models.money import Money

if TYPE_CHECKING:
    from runtime.database import Database

_RESERVE = """
select * from reserve_float(%(id)s, %(rail)s, %(wallet)s, %(currency)s, %(kind)s, %(account)s,
  %(amount)s, %(org)s, %(saga)s, %(new)s)"""
_END = "select end_float(%(id)s, %(spent)s, %(org)s, %(saga)s)"


class FloatGates:
    """Reserves and ends reservations. Floats are the house's, so the scope is the house."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    @activity.defn(name="float_gate.reserve")
    async def reserve(self, ask: FloatAsk) -> FloatAnswer:
        """Reserve, once per id; what is not granted waits in line until it is ended."""
        async with self._database.scoped(PLATFORM_ORG, ask.saga.livemode) as connection:
            row = await (await connection.execute(_RESERVE, _asked(ask))).fetchone()
        if row is None:
            raise RuntimeError("reserve_float returns one row")
        return FloatAnswer(gate=Gate(row["word"]), room=Money(row["room"], ask.amount.currency))

    @activity.defn(name="float_gate.release")
    async def release(self, end: FloatEnd) -> None:
        """End a reservation, granted or waiting; again, or never reserved, changes nothing.

        Call it after the entry of the outcome is committed.
        """
        values = {
            "id": end.id,
            "spent": end.spent,
            "org": ids.parsed(ids.ORG, end.saga.org_id),
            "saga": end.saga.id,
        }
        async with self._database.scoped(PLATFORM_ORG, end.saga.livemode) as connection:
            await connection.execute(_END, values)


def _asked(ask: FloatAsk) -> dict[str, Any]:
    return {
        "id": ask.id,
        "rail": ask.place.rail,
        "wallet": ask.place.account,
        "currency": ask.amount.currency,
        "kind": ask.place.kind,
        "account": account_at(ask.place).name,
        "amount": ask.amount.minor,
        "org": ids.parsed(ids.ORG, ask.saga.org_id),
        "saga": ask.saga.id,
        "new": ids.uuid7(),
    }
