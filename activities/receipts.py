"""Receipts are numbered on first demand, in the caller's transaction and scope.

The money itself is booked by its own step; a number is never on its way. The counter is locked
first, so numbers have no gaps and a payment or refund has one, however many ask at once.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids
from models.money import Money
from models.receipt import Receipt

if TYPE_CHECKING:
    from runtime.database import Connection

_OF = "select * from receipts where about = %s"
_LOCK = """
insert into receipt_counters (org_id, livemode) values (app_org(), app_mode())
on conflict (org_id, livemode) do update set last = receipt_counters.last"""
_ISSUE = """
with counted as (
  update receipt_counters set last = last + 1
   where org_id = app_org() and livemode = app_mode() returning last)
insert into receipts (id, org_id, livemode, number, kind, about, payment_id, amount, currency, rail,
  rail_receipt, at)
select %(id)s, app_org(), app_mode(), counted.last, %(kind)s, %(about)s, %(payment)s, %(amount)s,
  %(currency)s, %(rail)s, %(rail_receipt)s, %(at)s from counted returning *"""
_GIVEN_BACK = """
select r.refund_id, r.amount, p.currency, r.ended_at, i.rail, i.receipt
  from refund_reservations r join payments p on p.id = r.payment_id
  left join lateral (select rail, receipt from instructions
    where saga_id = r.refund_id and state = 'succeeded' order by number desc limit 1) i on true
 where r.payment_id = %s and r.state = 'refunded' order by r.ended_at, r.refund_id"""
_PAID = """
select p.id, p.amount_received, p.currency, a.provider, a.receipt, t.at
  from payments p
  join attempts a on a.payment_id = p.id and a.state in ('succeeded','reversed')
  join transitions t on t.checkout_id = p.checkout_id and t.object_id = p.id
   and t.to_state = 'succeeded'
 where p.id = %s and p.amount_received > 0 order by a.number limit 1"""


async def of_payment(connection: "Connection", payment_id: UUID) -> Receipt | None:
    """The receipt of a payment, numbered now if nobody asked before; None when it is not paid."""
    known = await _known(connection, payment_id)
    if known is not None:
        return known
    paid = await (await connection.execute(_PAID, [payment_id])).fetchone()
    if paid is None:
        return None
    return await _issued(
        connection,
        kind="payment",
        about=payment_id,
        payment_id=payment_id,
        amount=Money(paid["amount_received"], paid["currency"]),
        rail=paid["provider"],
        rail_receipt=paid["receipt"],
        at=paid["at"],
    )


async def of_refund(
    connection: "Connection",
    *,
    refund_id: UUID,
    payment_id: UUID,
    amount: Money,
    rail: str,
    rail_receipt: str | None,
    at: datetime,
) -> Receipt:
    """The receipt of a refund that succeeded at `at`, numbered now if nobody asked before."""
    known = await _known(connection, refund_id)
    return known or await _issued(
        connection,
        kind="refund",
        about=refund_id,
        payment_id=payment_id,
        amount=amount,
        rail=rail,
        rail_receipt=rail_receipt,
        at=at,
    )


async def of_refunds(connection: "Connection", payment_id: UUID) -> list[Receipt]:
    """The receipts of everything of a payment that was given back, in that order."""
    rows = await (await connection.execute(_GIVEN_BACK, [payment_id])).fetchall()
    return [
        await of_refund(
            connection,
            refund_id=row["refund_id"],
            payment_id=payment_id,
            amount=Money(row["amount"], row["currency"]),
            rail=(row["rail"] or "").rpartition("_")[0],
            rail_receipt=row["receipt"],
            at=row["ended_at"],
        )
        for row in rows
    ]


async def _known(connection: "Connection", about: UUID) -> Receipt | None:
    row = await (await connection.execute(_OF, [about])).fetchone()
    return None if row is None else _receipt(row)


async def _issued(
    connection: "Connection",
    *,
    kind: str,
    about: UUID,
    payment_id: UUID,
    amount: Money,
    rail: str,
    rail_receipt: str | None,
    at: datetime,
) -> Receipt:
    await connection.execute(_LOCK)
    known = await _known(connection, about)  # told meanwhile?
    if known is not None:
        return known
    fields = {
        "id": ids.uuid7(),
        "kind": kind,
        "about": about,
        "payment": payment_id,
        "amount": amount.minor,
        "currency": amount.currency,
        "rail": rail,
        "rail_receipt": rail_receipt,
        "at": at,
    }
    row = await (await connection.execute(_ISSUE, fields)).fetchone()
    if row is None:
        raise LookupError("the counter of receipts is not there")
    return _receipt(row)


def _receipt(row: Mapping[str, Any]) -> Receipt:
    return Receipt(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        about=row["about"],
        payment_id=row["payment_id"],
        amount=Money(row["amount"], row["currency"]),
        fee=Money(row["fee"], row["currency"]),
        rail=row["rail"],
        rail_receipt=row["rail_receipt"],
        at=row["at"],
    )
