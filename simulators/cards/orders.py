"""Reads requests as the gateway does: amounts are texts with the currency's decimals."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from simulators.book import EXPONENTS
from simulators.cards import answers
from simulators.door import Refused

_ID = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A checkout that is well formed. `amount` in whole units, where it is whole."""

    id: str
    amount: int
    amount_minor: int
    notification_url: str
    echo: dict[str, str] = field(default_factory=dict)


async def checkout(request: Request, currency: str) -> Order:
    """A session to make; raises Refused naming what is wrong."""
    body = await _body(request, "INITIATE_CHECKOUT")
    interaction, order = _part(body, "interaction"), _part(body, "order")
    if interaction.get("operation") != "PURCHASE":
        raise Refused(answers.invalid("interaction.operation"))
    if not _part(interaction, "merchant").get("name"):
        raise Refused(answers.invalid("interaction.merchant.name"))
    if not isinstance(order.get("id"), str) or not _ID.fullmatch(order["id"]):
        raise Refused(answers.invalid("order.id"))
    minor, unit = _minor(order, currency), 10 ** EXPONENTS.get(currency, 0)
    return Order(
        id=order["id"],
        amount=0 if minor % unit else minor // unit,
        amount_minor=minor,
        notification_url=_secure(order, "notificationUrl", "order") or "",
        echo={
            "returnUrl": _secure(interaction, "returnUrl", "interaction") or "",
            "cancelUrl": _secure(interaction, "cancelUrl", "interaction") or "",
            "description": str(order.get("description", ""))[:127],
        },
    )


async def refund(request: Request, currency: str) -> int:
    """What is to be given back, in minor units; raises Refused naming what is wrong."""
    return _minor(_part(await _body(request, "REFUND"), "transaction"), currency)


async def _body(request: Request, operation: str) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(answers.invalid("request")) from wrong
    if not isinstance(body, dict) or body.get("apiOperation") != operation:
        raise Refused(answers.invalid("apiOperation"))
    return body


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _minor(part: dict[str, Any], currency: str) -> int:
    """The amount in minor units: a text, with the currency's decimals or none."""
    exponent, amount = EXPONENTS.get(currency, 0), part.get("amount")
    if part.get("currency") != currency:
        raise Refused(answers.invalid("currency"))
    decimals = rf"(?:\.(\d{{{exponent}}}))?" if exponent else "()"
    fits = isinstance(amount, str) and re.fullmatch(rf"(0|[1-9]\d{{0,11}}){decimals}", amount)
    minor = int(fits[1] + (fits[2] or "0" * exponent)) if fits else 0
    if not minor:
        raise Refused(answers.invalid("amount"))
    return minor


def _secure(part: dict[str, Any], name: str, within: str) -> str | None:
    url = part.get(name)
    if url is not None and urlsplit(str(url)).scheme != "https":
        raise Refused(answers.invalid(f"{within}.{name}"))
    return url
