"""The page of a payment link. Looking at it makes nothing: previews of chat programs look too."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities import merchants
from api.deps import Wired
from api.errors import NotFound
from api.parts import Parts
from api.payer import forms
from api.payer.access import LINK, SESSION, Visitor, source, visitor
from api.payer.html import page
from api.payer.opening import LinkOver, LinkPaid, Opening, check_usable
from api.payer.reading import language_for
from api.payer.route import PageRoute, see
from api.payer.view import frame, together
from api.payer.words import Voice
from api.queries import payment_links as queries
from models.ids import page_path
from models.lifecycle import CheckoutState
from models.money import Money, from_major
from models.receipt import Merchant

router = APIRouter(tags=["payer"], include_in_schema=False, route_class=PageRoute)


@router.get("/l/{link_page}")
async def show(link_page: str, request: Request, parts: Wired) -> Response:
    """What the link is for, and how much."""
    who = await visitor(parts, LINK, link_page, parts.looks)
    row, merchant, voice = await _look(parts, who, request)
    return page("link.html", _facts(parts, who, row, merchant, voice))


@router.post("/l/{link_page}")
async def use(link_page: str, request: Request, parts: Wired) -> Response:
    """Make a session and see its page."""
    who = await visitor(parts, LINK, link_page, parts.sends, of=source(parts, request))
    row, merchant, voice = await _look(parts, who, request)
    fields = await forms.sent(request, parts.settings.callback_secret, who.owner, 0)
    amount = _amount(row, fields.get("amount", ""))
    if amount is None:
        told = {"wrong": voice("wrong_amount", bounds=_bounds(row, voice)), **fields}
        return page("link.html", _facts(parts, who, row, merchant, voice) | told, 422)
    try:
        made = await Opening(parts, who, amount).open()
    except (LinkOver, LinkPaid):
        row, merchant, voice = await _look(parts, who, request)
        return page("link.html", _facts(parts, who, row, merchant, voice), 409)
    return see(page_path(SESSION, made, parts.settings.callback_secret), request)


async def _look(
    parts: Parts, who: Visitor, request: Request
) -> tuple[Mapping[str, Any], Merchant, Voice]:
    async with parts.database.scoped(who.caller.org, who.caller.livemode) as connection:
        merchant = await merchants.merchant(connection)
        row = await queries.one(connection, who.owner)
        used = await queries.use_of(connection, who.owner)
    if row is None:
        raise NotFound("there is no such page")
    paid = used is not None and used["state"] == CheckoutState.COMPLETE
    return {**row, "paid": paid}, merchant, Voice(language_for(request, merchant))


def _facts(
    parts: Parts, who: Visitor, row: Mapping[str, Any], merchant: Merchant, voice: Voice
) -> dict[str, Any]:
    over = "paid" if row["paid"] else "over" if _is_over(row) else ""
    fixed = Money(row["amount"], row["currency"]) if row["amount"] else None
    return {
        **frame(voice, merchant, who.path, livemode=row["livemode"]),
        "title": voice("title_pay", merchant=merchant.name),
        "over": over,
        "fixed": together(fixed) if fixed else None,
        "link": row,
        "form": forms.token(parts.settings.callback_secret, who.owner, 0),
        "wrong": "",
        "amount": "",
    }


def _is_over(row: Mapping[str, Any]) -> bool:
    try:
        check_usable(row)
    except LinkOver:
        return True
    return False


def _amount(row: Mapping[str, Any], typed: str) -> int | None:
    """The link's amount, or the payer's in minor units; None for one the link does not take."""
    if row["amount"] is not None:
        return int(row["amount"])
    try:
        minor = from_major(typed.replace(",", "").replace(" ", ""), row["currency"]).minor
    except ValueError:
        return None
    smallest, largest = row["smallest"] or 1, row["largest"] or 10**15
    return minor if smallest <= minor <= largest else None


def _bounds(row: Mapping[str, Any], voice: Voice) -> str:
    known = {
        name: Money(row[column], row["currency"])
        for name, column in (("least", "smallest"), ("most", "largest"))
        if row[column]
    }
    if len(known) == 2:
        return voice("bounds_both", **known)
    return "".join(voice(f"bounds_{name}", **known) for name in known)
