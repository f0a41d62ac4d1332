"""What an escrow's customer may do with the link: look, confirm, complain. No key, no account."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from activities import escrow_rows
from api.answers import answer
from api.cards import refuse_card_numbers
from api.deps import Wired
from api.errors import NotFound
from api.escrow_deciding import EscrowDesk
from api.escrow_visiting import CUSTOMER, opened
from api.schemas.escrows import CustomerEscrow, DisputeRequest
from api.schemas.problems import refusals
from models.escrow import HOLDING
from runtime.database import Connection

router = APIRouter(prefix="/e", tags=["escrows"])


@router.get("/{link}", response_model=CustomerEscrow, responses=refusals(404))
async def customer_escrow(link: str, request: Request, parts: Wired) -> Response:
    """Where the money is, and what the customer may say; to a browser, its page."""
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/e/{link}/page", 303)
    desk, merchant = await opened(parts, link, parts.looks)
    async with parts.database.scoped(desk.org, desk.livemode) as connection:
        return answer(await _seen(connection, desk, merchant))


@router.post("/{link}/confirm", response_model=CustomerEscrow, responses=refusals(404, 409))
async def confirm_escrow(link: str, parts: Wired) -> Response:
    """All is well: release what is left. Saying it again changes nothing."""
    desk, merchant = await opened(parts, link, parts.sends)
    async with parts.database.scoped(desk.org, desk.livemode) as connection:
        row = await escrow_rows.locked(connection, desk.escrow)
        if row is not None and row["funded"] and row["funded"] == row["taken"]:
            return answer(await _seen(connection, desk, merchant))
        await desk.release(connection, amount=None, by=CUSTOMER, note=None)
        told = await _seen(connection, desk, merchant)
    desk.send()
    return answer(told)


@router.post("/{link}/dispute", response_model=CustomerEscrow, responses=refusals(400, 404, 409))
async def dispute_as_customer(link: str, body: DisputeRequest, parts: Wired) -> Response:
    """Something is wrong: freeze what is left until two people decide."""
    refuse_card_numbers([body.reason])
    desk, merchant = await opened(parts, link, parts.sends)
    async with parts.database.scoped(desk.org, desk.livemode) as connection:
        await desk.dispute(connection, reason=body.reason)
        told = await _seen(connection, desk, merchant)
    desk.send()
    return answer(told)


async def _seen(connection: Connection, desk: EscrowDesk, merchant: str) -> dict[str, Any]:
    row = await escrow_rows.read(connection, desk.escrow)
    if row is None:
        raise NotFound("there is no such escrow")
    left = row["funded"] - row["taken"]
    holds = row["state"] in HOLDING and not row["disputed"] and left > 0
    return {
        "object": "escrow",
        "status": row["state"],
        "merchant": merchant,
        "reference": row["reference"],
        "amount": row["amount"],
        "currency": row["currency"],
        "funded": row["funded"],
        "left": left,
        "may_confirm": holds and row["data"]["on_confirmation"],
        "may_dispute": holds,
    }
