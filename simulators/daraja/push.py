"""Reads an STK push or query as strictly as Daraja does."""

import base64
import json
import re
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from simulators.daraja import answers
from simulators.door import Refused
from simulators.settings import Settings

#: Words Daraja refuses anywhere in a callback address.
FORBIDDEN_WORDS = ("mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
_TYPES = {"CustomerPayBillOnline", "CustomerBuyGoodsOnline"}
_PHONE = re.compile(r"254[17]\d{8}")
_STAMP = re.compile(r"\d{14}")


async def read(request: Request, settings: Settings) -> dict[str, Any]:
    """The body of a call whose credentials are right; raises Refused."""
    try:
        body = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(answers.invalid("Payload")) from wrong
    if not isinstance(body, dict):
        raise Refused(answers.invalid("Payload"))
    _check_password(body, settings)
    return body


def _check_password(body: dict[str, Any], settings: Settings) -> None:
    short_code, stamp = str(body.get("BusinessShortCode")), str(body.get("Timestamp"))
    if not _STAMP.fullmatch(stamp):
        raise Refused(answers.invalid("Timestamp"))
    if short_code != settings.daraja_short_code:
        raise Refused(answers.error(500, "500.001.1001", "Merchant does not exist"))
    right = base64.b64encode(f"{short_code}{settings.daraja_passkey}{stamp}".encode()).decode()
    if body.get("Password") != right:
        raise Refused(answers.wrong_credentials())


def check(body: dict[str, Any]) -> int:
    """The amount of a push in cents; raises Refused naming the field that is wrong."""
    fields = {
        "TransactionType": body.get("TransactionType") in _TYPES,
        "PhoneNumber": bool(_PHONE.fullmatch(str(body.get("PhoneNumber")))),
        "PartyA": body.get("PartyA") == body.get("PhoneNumber"),
        "PartyB": str(body.get("PartyB", "")).isdigit(),
        "CallBackURL": _takes_callback(str(body.get("CallBackURL", ""))),
        "AccountReference": bool(body.get("AccountReference")),
        "TransactionDesc": bool(body.get("TransactionDesc")),
    }
    for name, right in fields.items():
        if not right:
            raise Refused(answers.invalid(name))
    return _cents(body.get("Amount"))


def over_long(body: dict[str, Any]) -> bool:
    """Text longer than Daraja prints: accepted, and the push then fails as result 1025."""
    return len(str(body["AccountReference"])) > 12 or len(str(body["TransactionDesc"])) > 13


def _takes_callback(url: str) -> bool:
    parts = urlsplit(url)
    named = not any(word in url.lower() for word in FORBIDDEN_WORDS)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and named


def _cents(amount: Any) -> int:
    """Whole shillings as a number or a string of digits; raises Refused for anything else."""
    text = amount if isinstance(amount, str) else str(amount)
    if isinstance(amount, bool | float) or not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise Refused(answers.invalid("Amount"))
    return int(text) * 100
