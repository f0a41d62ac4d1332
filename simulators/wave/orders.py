"""Reads requests as strictly as Wave does: an unknown field is refused."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from simulators.book import EXPONENTS
from simulators.door import Refused
from simulators.wave import answers

_SESSION = {
    "amount", "currency", "success_url", "error_url", "client_reference",
    "restrict_payer_mobile", "aggregated_merchant_id",
}  # fmt: skip
_PAYOUT = {
    "currency", "receive_amount", "mobile", "name", "national_id", "payment_reason",
    "client_reference", "aggregated_merchant_id",
}  # fmt: skip
_RECIPIENT = {"mobile", "name", "national_id", "amount", "currency"}
_MOBILE = re.compile(r"\+[1-9]\d{7,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A session or a payout that is well formed. `mobile` without the plus."""

    amount_minor: int
    mobile: str
    echo: dict[str, str] = field(default_factory=dict)


async def session(request: Request, currency: str) -> Order:
    """A checkout session; raises Refused naming what is wrong."""
    body = await _body(request, _SESSION)
    _of_wallet(body, currency)
    for name in ("success_url", "error_url"):
        if urlsplit(str(body.get(name))).scheme != "https":
            raise Refused(answers.invalid(name))
    names = ("success_url", "error_url", "client_reference", "aggregated_merchant_id")
    mobile = _mobile(body, "restrict_payer_mobile") if "restrict_payer_mobile" in body else ""
    echo = {name: _text(body, name) for name in names}
    return Order(
        amount_minor=_minor(body, "amount", currency),
        mobile=mobile,
        echo={**echo, "restrict_payer_mobile": f"+{mobile}" if mobile else ""},
    )


async def payout(request: Request, currency: str) -> Order:
    """A payout; raises Refused naming what is wrong."""
    body = await _body(request, _PAYOUT)
    _of_wallet(body, currency)
    if len(_text(body, "payment_reason")) > 40:
        raise Refused(answers.invalid("payment_reason"))
    return Order(
        amount_minor=_minor(body, "receive_amount", currency),
        mobile=_mobile(body, "mobile"),
        echo={"client_reference": _text(body, "client_reference"), "name": _text(body, "name")},
    )


async def recipient(request: Request) -> Order:
    """Who is asked about; raises Refused."""
    body = await _body(request, _RECIPIENT)
    return Order(amount_minor=0, mobile=_mobile(body, "mobile"), echo={"name": _text(body, "name")})


async def _body(request: Request, known: set[str]) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(answers.error(400, "request-not-json")) from wrong
    if not isinstance(body, dict):
        raise Refused(answers.error(400, "request-parsing-error"))
    if body.keys() - known:
        raise Refused(answers.invalid(", ".join(sorted(body.keys() - known))))
    return body


def _of_wallet(body: dict[str, Any], currency: str) -> None:
    if body.get("currency") != currency:
        raise Refused(answers.error(400, "currency-mismatch"))


def _minor(body: dict[str, Any], name: str, currency: str) -> int:
    """The amount, a string without leading zeros, in minor units."""
    exponent, amount = EXPONENTS.get(currency, 0), body.get(name)
    decimals = rf"(?:\.(\d{{1,{exponent}}}))?" if exponent else "()"
    fits = isinstance(amount, str) and re.fullmatch(rf"(0|[1-9]\d{{0,11}}){decimals}", amount)
    minor = int(fits[1] + (fits[2] or "").ljust(exponent, "0")) if fits else 0
    if not minor:
        raise Refused(answers.invalid(name))
    return minor


def _mobile(body: dict[str, Any], name: str) -> str:
    mobile = body.get(name)
    if not isinstance(mobile, str) or not _MOBILE.fullmatch(mobile):
        raise Refused(answers.invalid(name))
    return mobile[1:]


def _text(body: dict[str, Any], name: str) -> str:
    text = body.get(name, "")
    if not isinstance(text, str) or len(text) > 255:
        raise Refused(answers.invalid(name))
    return text
