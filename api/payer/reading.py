"""Reads what a page shows, in the scope of its merchant."""

from datetime import UTC, datetime

from fastapi import Request

from activities import merchants
from api.errors import NotFound
from api.parts import Parts
from api.payer.access import Visitor
from api.payer.methods import Method, fitting
from api.payer.view import Look
from api.payer.words import Voice, chosen
from api.queries import views
from models.messages import Language
from models.money import Money
from models.receipt import Merchant


async def look(parts: Parts, who: Visitor, request: Request) -> Look:
    """The session as it stands, in its reader's language. Raises NotFound."""
    caller = who.caller
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        merchant = await merchants.merchant(connection)
        rows = await views.session_rows(connection, who.owner)
    if rows is None:
        raise NotFound("there is no such page")
    money = Money(rows.checkout["amount"], rows.checkout["currency"])
    return Look(
        rows=rows,
        merchant=merchant,
        methods=tuple(await methods_for(parts, money)),
        voice=Voice(language_for(request, merchant)),
        path=who.path,
        now=datetime.now(UTC),
        secret=parts.settings.callback_secret,
        return_secret=return_secret(parts, who, merchant),
        titles={name: one.offer.title for name, one in parts.providers.items()},
    )


async def methods_for(parts: Parts, money: Money) -> list[Method]:
    """Every method that carries the money, with whether it works now."""
    up = {name: (await parts.rails.of(name)).carries for name in parts.providers}
    return fitting(parts.providers, money, up)


def language_for(request: Request, merchant: Merchant) -> Language:
    """The language asked for in the address, or the browser's."""
    accepted = request.headers.get("accept-language", "")
    return chosen(request.query_params.get("lang"), accepted, merchant.languages)


def return_secret(parts: Parts, who: Visitor, merchant: Merchant) -> str:
    """The key the merchant checks returns with."""
    caller = who.caller
    return parts.settings.return_secret(
        caller.org, livemode=caller.livemode, number=merchant.return_key
    )
