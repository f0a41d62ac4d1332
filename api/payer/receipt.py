"""The receipt as a page: what was paid, under which number, and what was given back."""

from typing import Any

from activities import receipts
from api.errors import NotFound
from api.parts import Parts
from api.payer.access import Visitor
from api.payer.view import Look, frame, together
from models.moments import moment
from models.money import Money
from models.receipt import Receipt


async def receipt_facts(parts: Parts, who: Visitor, looked: Look) -> dict[str, Any]:
    """What the template reads; the number is given now if nobody asked before. Raises NotFound."""
    caller, payment = who.caller, looked.rows.payment
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        paid = await receipts.of_payment(connection, payment["id"])
        given_back = await receipts.of_refunds(connection, payment["id"])
    if paid is None:
        raise NotFound("nothing was paid yet")
    return {
        **frame(looked.voice, looked.merchant, who.path, livemode=caller.livemode),
        "title": looked.voice("receipt_title", number=paid.shown),
        "reference": looked.rows.checkout["reference"],
        "description": looked.rows.checkout["description"],
        "paid": shown(paid, looked),
        "given_back": [shown(one, looked) for one in given_back],
        "back": looked.facts()["back"],
    }


def shown(receipt: Receipt, looked: Look) -> dict[str, Any]:
    """One receipt in words."""
    total = Money(receipt.amount.minor + receipt.fee.minor, receipt.amount.currency)
    return {
        "number": receipt.shown,
        "amount": together(receipt.amount),
        "fee": together(receipt.fee),
        "total": together(total),
        "rail": looked.titles.get(receipt.rail, receipt.rail),
        "rail_receipt": receipt.rail_receipt,
        "date": receipt.at.strftime("%Y-%m-%d %H:%M UTC"),
        "moment": moment(receipt.at),
    }
