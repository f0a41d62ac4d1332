"""What operators know of payments that were taken back: two people, once per number."""

from typing import Any

from fastapi import APIRouter

from activities.takebacks import Takebacks
from api.deps import Operator, Wired
from api.errors import Conflict, NotFound
from api.naming import named
from api.operators import Approver, second
from api.queries import operator as queries
from api.schemas.operator import TakenBack
from api.schemas.problems import refusals
from ledger.book import Book
from ledger.vault_booking import VaultBooking
from models import ids
from models.takeback import Takeback, TakebackRefused

router = APIRouter(prefix="/v1/operator/payments", tags=["operator"])


@router.post("/{payment}/taken_back", responses=refusals(400, 403, 404, 409))
async def record_takeback(
    payment: str, body: TakenBack, operator: Operator, approver: Approver, parts: Wired
) -> dict[str, Any]:
    """Book what a provider reversed or a card's holder charged back of a payment.

    It is not there to be refunded any more; what the merchant's balance cannot bear is owed.
    """
    known = named(ids.PAYMENT, payment, "payment")
    row = await queries.payment_row(parts.database, known, livemode=operator.livemode)
    if row is None:
        raise NotFound("there is no such payment")
    taken = Takeback(
        payment_id=payment,
        org_id=ids.shown(ids.ORG, row["org_id"]),
        livemode=row["livemode"],
        kind=body.kind,
        amount=body.amount,
        number=body.number,
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
    )
    try:
        await Takebacks(parts.database, parts.vault, VaultBooking(Book())).record(taken)
    except TakebackRefused as refused:
        raise Conflict(str(refused)) from refused
    after = await queries.payment_row(parts.database, known, livemode=operator.livemode)
    return _told(taken, after or row)


def _told(taken: Takeback, row: dict[str, Any]) -> dict[str, Any]:
    return {
        "object": "takeback",
        "payment": taken.payment_id,
        "status": row["status"],
        "kind": str(taken.kind),
        "number": taken.number,
        "amount": taken.amount,
        "amount_taken_back": row["amount_taken_back"],
        "currency": row["currency"],
        "livemode": row["livemode"],
    }
