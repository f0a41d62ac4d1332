"""Payments: a lost answer is always recoverable by reference."""

from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.deps import Reader, Wired
from api.errors import NotFound
from api.lists import Paging, Text, listed
from api.queries import pages, views
from api.schemas.payments import Payment, PaymentList
from api.schemas.problems import refusals
from api.waiting import payment_uuid
from models import ids
from models.events import payment_object

router = APIRouter(prefix="/v1/payments", tags=["payments"])

Status = Literal[
    "requires_payment_method",
    "requires_action",
    "processing",
    "unknown",
    "succeeded",
    "canceled",
    "reversed",
]


@router.get("", response_model=PaymentList, responses=refusals(400))
async def list_payments(
    caller: Reader,
    parts: Wired,
    paging: Paging,
    status: Status | None = None,
    reference: Text = None,
) -> Response:
    """Payments, newest first; `reference` finds the one whose answer was lost."""
    wanted = paging.wanted(ids.PAYMENT, status=status, reference=reference)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "payments", wanted)
        attempts = await views.latest_attempts(connection, page.rows)
    return answer(listed(page, [payment_object(row, attempts.get(row["id"])) for row in page.rows]))


@router.get("/{payment}", response_model=Payment, responses=refusals(404))
async def read_payment(payment: str, caller: Reader, parts: Wired) -> Response:
    """One payment. Unknown is a status, not an error: do not collect again."""
    payment_id = payment_uuid(payment)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await views.payment_rows(connection, payment_id)
    if rows is None:
        raise NotFound("there is no such payment")
    return answer(payment_object(*rows))
