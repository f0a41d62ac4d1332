"""Reads requests as strictly as Airtel does."""

import json
import re
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from simulators.airtel import answers
from simulators.book import EXPONENTS
from simulators.door import Refused

_MSISDN = re.compile(r"[1-9]\d{8}")
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
_REFERENCE = re.compile(r"[A-Za-z0-9]{4,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A push or a payout that is well formed. `number` has nine digits."""

    key: str
    number: str
    amount_minor: int
    body: dict[str, Any]


async def collection(request: Request, currency: str) -> Order:
    """A USSD push; raises Refused naming what is wrong."""
    body = await _body(request)
    return _order(body, _part(body, "subscriber"), currency, "DP00800001004")


async def disbursement(request: Request, currency: str) -> Order:
    """A payout; raises Refused naming what is wrong."""
    body = await _body(request)
    if not isinstance(body.get("pin"), str) or not body["pin"]:
        raise Refused(answers.router("ROUTER114", "PIN is missing"))
    return _order(body, _part(body, "payee"), currency, "DP00900001004")


async def refund(request: Request) -> str:
    """The airtel_money_id a refund names; raises Refused."""
    named = _part(await _body(request), "transaction").get("airtel_money_id")
    if not isinstance(named, str) or not named:
        raise Refused(_bad_field())
    return named


def _order(body: dict[str, Any], party: dict[str, Any], currency: str, bad_amount: str) -> Order:
    transaction = _part(body, "transaction")
    number, key, reference = party.get("msisdn"), transaction.get("id"), body.get("reference")
    if not _fits(_MSISDN, number):
        said = "Invalid Msisdn Length. Msisdn Length should be 9"
        raise Refused(answers.router("ESB000008", said))
    if not _fits(_ID, key) or not _fits(_REFERENCE, reference):
        raise Refused(_bad_field())
    amount = transaction.get("amount")
    if isinstance(amount, bool) or not isinstance(amount, (int, float)) or amount <= 0:
        raise Refused(answers.envelope(bad_amount, success=False))
    minor = round(amount * 10 ** EXPONENTS.get(currency, 0))
    return Order(key=str(key), number=str(number), amount_minor=minor, body=body)


async def _body(request: Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(_bad_field()) from wrong
    if not isinstance(body, dict):
        raise Refused(_bad_field())
    return body


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    part = body.get(name)
    return part if isinstance(part, dict) else {}


def _fits(shape: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and bool(shape.fullmatch(value))


def _bad_field() -> Any:
    return answers.envelope("", success=False, older="ESB000008")
