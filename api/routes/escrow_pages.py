"""The customer's page of an escrow: what is kept, that all is well, or that something is wrong."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities import escrow_rows, merchants
from api.deps import Wired
from api.errors import NotFound
from api.escrow_deciding import EscrowDesk
from api.escrow_visiting import CUSTOMER, opened
from api.parts import Parts
from api.payer import forms
from api.payer.forms import FormStale
from api.payer.html import page
from api.payer.reading import language_for
from api.payer.route import PageRoute, see
from api.payer.view import frame, together
from api.payer.words import Voice
from models.escrow import HOLDING, EscrowState
from models.money import Money
from models.receipt import Merchant

router = APIRouter(tags=["payer"], include_in_schema=False, route_class=PageRoute)
_SHORTEST = 3


@router.get("/e/{link}/page")
async def show(link: str, request: Request, parts: Wired) -> Response:
    """Where the money is."""
    desk, _name = await opened(parts, link, parts.looks)
    async with parts.database.scoped(desk.org, desk.livemode) as connection:
        merchant = await merchants.merchant(connection)
        row = await escrow_rows.read(connection, desk.escrow)
    if row is None:
        raise NotFound("there is no such page")
    voice = Voice(language_for(request, merchant))
    return page("escrow.html", _facts(desk, link, row, merchant, voice))


@router.post("/e/{link}/page")
async def say(link: str, request: Request, parts: Wired) -> Response:
    """All is well, or something is wrong; then the page again."""
    desk, _name = await opened(parts, link, parts.sends)
    fields = await forms.sent(request, parts.settings.callback_secret, desk.escrow, 0)
    await _said(parts, desk, fields)
    desk.send()
    return see(f"/e/{link}/page", request)


async def _said(parts: Parts, desk: EscrowDesk, fields: Mapping[str, str]) -> None:
    """Decide it. Raises FormStale for what the page does not offer, or why it is refused."""
    async with parts.database.scoped(desk.org, desk.livemode) as connection:
        if fields.get("word") == "confirm":
            await desk.release(connection, amount=None, by=CUSTOMER, note=None)
        elif fields.get("word") == "dispute" and len(fields.get("reason", "")) >= _SHORTEST:
            await desk.dispute(connection, reason=fields["reason"])
        else:
            raise FormStale("look at the page again")


def _facts(
    desk: EscrowDesk, link: str, row: Mapping[str, Any], merchant: Merchant, voice: Voice
) -> dict[str, Any]:
    left = row["funded"] - row["taken"]
    due = row["data"].get("release_at")
    return {
        **frame(voice, merchant, f"/e/{link}/page", livemode=row["livemode"]),
        "title": voice("escrow_title", merchant=merchant.name),
        "standing": _standing(row, left),
        "left": together(Money(left, row["currency"])),
        "day": f"{datetime.fromisoformat(due):%Y-%m-%d}" if due else "",
        "may_confirm": row["data"]["on_confirmation"],
        "form": forms.token(desk.parts.settings.callback_secret, desk.escrow, 0),
    }


def _standing(row: Mapping[str, Any], left: int) -> str:
    """Why the customer has nothing to say; empty where there is."""
    if row["disputed"] or row["state"] == EscrowState.DISPUTED:
        return "disputed"
    if row["state"] == EscrowState.CREATED:
        return "created"
    return "" if row["state"] in HOLDING and left else "over"
