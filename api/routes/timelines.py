"""Timelines: why each thing happened, from the request to the last event."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from api.answers import answer
from api.deps import Reader, Wired
from api.errors import NotFound
from api.keys import Caller
from api.parts import Parts
from api.queries import timelines, views
from api.schemas.problems import refusals
from api.schemas.timelines import Timeline
from api.waiting import checkout_uuid, payment_uuid
from models import ids

router = APIRouter(prefix="/v1", tags=["timelines"])


@router.get("/checkouts/{checkout}/timeline", response_model=Timeline, responses=refusals(404))
async def checkout_timeline(checkout: str, caller: Reader, parts: Wired) -> Response:
    """Everything that happened to a session, oldest first."""
    return await _told(parts, caller, checkout_uuid(checkout))


@router.get("/payments/{payment}/timeline", response_model=Timeline, responses=refusals(404))
async def payment_timeline(payment: str, caller: Reader, parts: Wired) -> Response:
    """The same story, found by the payment."""
    payment_id = payment_uuid(payment)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await views.payment_rows(connection, payment_id)
    if rows is None:
        raise NotFound("there is no such payment")
    return await _told(parts, caller, rows[0]["checkout_id"])


async def _told(parts: Parts, caller: Caller, checkout_id: UUID) -> Response:
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await views.session_rows(connection, checkout_id)
        if rows is None:
            raise NotFound("there is no such checkout")
        items = await timelines.items(connection, rows)
    return answer(
        {
            "object": "timeline",
            "checkout": ids.shown(ids.CHECKOUT, checkout_id),
            "payment": ids.shown(ids.PAYMENT, rows.payment["id"]),
            "data": items,
        }
    )
