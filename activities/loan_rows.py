"""The SQL of loans, in the partner's scope: limits of a day, and what a row remembers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids
from models.lending import Client
from models.loan import ParkReason
from models.loan_calls import Reservation
from models.loan_order import PAYOUT, POSTING, LoanMemory, Payable
from models.money import Money
from models.tariff import Quote

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

_ONE = "select * from sagas where id = %s"
_NUMBERS = """
select rail, number, state, receipt from instructions where saga_id = %s order by rail, number"""
# One at a time per product: two loans never see the same place free.
_ALONE = "select pg_advisory_xact_lock(hashtext(%s))"
#: Unpaid endings and loans that wait count against nothing.
_TAKEN = """
select coalesce(sum((data->>'amount')::bigint) filter (where data->>'product_id' = %(product)s), 0)
         ::bigint as product,
       coalesce(sum((data->>'amount')::bigint) filter (where data->>'product_id' = %(product)s
         and data->>'client_id' = %(client)s), 0)::bigint as client
  from sagas where kind = 'loan_disbursement' and data->>'day' = %(day)s and id <> %(id)s
   and state not in ('parked','rejected','failed','reversed')"""
_LIMITS = """
select per_day_limit, per_client_day_limit from loan_products where product_id = %s"""
#: The row's state is the saga's own to move; this is only its place in the day.
_RESERVE = """
update sagas set data = data || jsonb_build_object('day', %(day)s::text, 'amount',
  %(amount)s::bigint, 'product_id', %(product)s::bigint, 'client_id', %(client)s::bigint)
 where id = %(id)s"""


async def reserve(connection: "Connection", wanted: Reservation) -> bool:
    """Whether the loan has its place under the limits per day and per client and day."""
    values = {
        "id": ids.parsed(ids.LOAN, wanted.saga.id),
        "day": wanted.day,
        "product": str(wanted.product_id),
        "client": str(wanted.client_id),
        "amount": wanted.amount,
    }
    await connection.execute(_ALONE, [f"{wanted.saga.org_id}/{wanted.product_id}"])
    limits = await (await connection.execute(_LIMITS, [wanted.product_id])).fetchone()
    taken = await (await connection.execute(_TAKEN, values)).fetchone()
    if limits is None or taken is None:
        return False
    for used, limit in (("product", "per_day_limit"), ("client", "per_client_day_limit")):
        if limits[limit] is not None and taken[used] + wanted.amount > limits[limit]:
            return False
    await connection.execute(_RESERVE, values)
    return True


async def one(connection: "Connection", saga_id: UUID) -> "Row":
    """The row of a saga that is there."""
    row = await (await connection.execute(_ONE, [saga_id])).fetchone()
    if row is None:
        raise LookupError("the saga is not there")
    return row


async def numbers(connection: "Connection", saga_id: UUID) -> "Sequence[Row]":
    """The saga's instructions."""
    return await (await connection.execute(_NUMBERS, [saga_id])).fetchall()


def quoted_at(row: "Row") -> datetime | None:
    """When the held charges were quoted; tariffs are never changed, so they come out the same."""
    told = row["data"].get("quoted_at")
    return datetime.fromisoformat(told) if told else None


def payable(row: "Row", client: Client | None, phone: str) -> Payable | None:
    """What was decided to be paid; None before it was."""
    data = row["data"]
    if client is None or not data.get("day") or data.get("principal") is None:
        return None
    approved = data.get("approved_on")
    return Payable(
        principal=Money(data["principal"], row["currency"]),
        amount=Money(data["amount"], row["currency"]),
        client_id=client.id,
        phone=phone,
        client=client.name,
        product_id=data["product_id"],
        day=date.fromisoformat(data["day"]),
        approved_on=date.fromisoformat(approved) if approved else None,
    )


def memory(
    row: "Row", told: "Sequence[Row]", payable: Payable | None, quote: Quote | None
) -> LoanMemory:
    """What the stages before left."""
    data = row["data"]
    paid_at, parked, amount = data.get("paid_at"), data.get("parked_for"), data.get("told")
    return LoanMemory(
        payable=payable,
        quote=quote,
        hold=data.get("hold") or 0,
        payout=_next(told, PAYOUT, settled=data.get("receipt") is not None),
        posting=_next(told, POSTING, settled=False),
        tries=_next(told, POSTING, settled=False),
        parked_for=ParkReason(parked) if parked else None,
        parks=data.get("parks") or 0,
        short_code=data.get("short_code") or "",
        disputed=bool(data.get("disputed")),
        told=Money(amount, row["currency"]) if amount is not None else None,
        receipt=data.get("receipt"),
        paid_at=datetime.fromisoformat(paid_at) if paid_at else None,
        reversed=bool(data.get("reversed")),
    )


def _next(told: "Sequence[Row]", rail: str, *, settled: bool) -> int:
    """The number of the instruction that is open on a rail, or of the one to come."""
    mine = [row for row in told if row["rail"] == rail]
    if not mine:
        return 1
    over = mine[-1]["state"] in {"failed", "rejected"} and not settled
    return int(mine[-1]["number"]) + over
