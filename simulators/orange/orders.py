"""Reads requests as strictly as Orange does."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from simulators.book import EXPONENTS
from simulators.door import Refused
from simulators.orange import answers

_URLS = ("return_url", "cancel_url", "notif_url")
_LONGEST = {"order_id": 30, "reference": 30, **dict.fromkeys(_URLS, 120)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A page that is well asked for. `amount` in whole units."""

    order_id: str
    amount: int
    amount_minor: int
    notif_url: str


async def page(request: Request, *, merchant_key: str, currency: str) -> Order:
    """What a page is asked for with; raises Refused naming what is wrong."""
    body = await fields(request)
    for name, longest in _LONGEST.items():
        if not 0 < len(_text(body, name)) <= longest:
            raise Refused(answers.invalid(name))
    for name in _URLS:
        if urlsplit(_text(body, name)).scheme not in {"http", "https"}:
            raise Refused(answers.invalid(name))
    if body.get("merchant_key") != merchant_key:
        raise Refused(answers.invalid("merchant_key"))
    if body.get("currency") != currency:
        raise Refused(answers.invalid("currency"))
    amount = _amount(body)
    return Order(
        order_id=_text(body, "order_id"),
        amount=amount,
        amount_minor=amount * 10 ** EXPONENTS.get(currency, 0),
        notif_url=_text(body, "notif_url"),
    )


async def fields(request: Request) -> dict[str, Any]:
    """The JSON object of a request; raises Refused."""
    try:
        body = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(answers.invalid("body")) from wrong
    if not isinstance(body, dict):
        raise Refused(answers.invalid("body"))
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _amount(body: dict[str, Any]) -> int:
    amount = body.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        raise Refused(answers.invalid("amount"))
    return amount
