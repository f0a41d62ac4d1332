"""Reads requests to pay, transfers and refunds as strictly as MTN does."""

import json
import re
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from simulators.book import EXPONENTS
from simulators.door import Refused
from simulators.momo import answers

_PLAIN = re.compile(r"[A-Za-z0-9 .,:;/_-]{0,160}")
_MSISDN = re.compile(r"[1-9]\d{7,14}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order that is well formed. `party`: who pays, or is paid; empty for a refund."""

    reference: str
    party: str
    amount_minor: int
    currency: str
    callback_url: str
    echo: dict[str, str]


def reference(request: Request) -> str:
    """X-Reference-Id, a UUID version 4; raises Refused."""
    sent = request.headers.get("x-reference-id", "")
    try:
        right = uuid.UUID(sent).version == 4 and len(sent) == 36
    except ValueError:
        right = False
    if not right:
        raise Refused(answers.bad_request("X-Reference-Id must be a UUID version 4"))
    return sent.lower()


def callback_url(request: Request, host: str) -> str:
    """X-Callback-Url or nothing; raises Refused for an empty one or one of another host."""
    url = request.headers.get("x-callback-url")
    if url is None:
        return ""
    if not url:
        raise Refused(answers.bad_request("X-Callback-Url is empty"))
    if host not in {"*", urlsplit(url).hostname}:
        raise Refused(answers.error(500, "INVALID_CALLBACK_URL_HOST"))
    return url


async def read(request: Request, *, reference: str, currency: str, host: str, party: str) -> Order:
    """The order; raises Refused naming what is wrong. `party`: `payer`, `payee` or none."""
    url = callback_url(request, host)
    body = _body(await request.body())
    if body.get("currency") != currency:
        raise Refused(answers.error(500, "INVALID_CURRENCY"))
    return Order(
        reference=reference,
        party=_number(body, party) if party else "",
        amount_minor=_minor(body.get("amount"), currency),
        currency=currency,
        callback_url=url,
        echo={
            "amount": str(body["amount"]),
            "externalId": str(body.get("externalId", "")),
            "payerMessage": _text(body, "payerMessage"),
            "payeeNote": _text(body, "payeeNote"),
            **({} if party else {"gives_back": str(body.get("referenceIdToRefund", ""))}),
        },
    )


def _body(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as wrong:
        raise Refused(answers.bad_request("body is not JSON")) from wrong
    if not isinstance(body, dict):
        raise Refused(answers.bad_request("body is not an object"))
    return body


def _number(body: dict[str, Any], role: str) -> str:
    party = body.get(role)
    party = party if isinstance(party, dict) else {}
    number = str(party.get("partyId"))
    if party.get("partyIdType") != "MSISDN" or not _MSISDN.fullmatch(number):
        raise Refused(answers.bad_request(role))
    return number


def _minor(amount: Any, currency: str) -> int:
    """The amount, a string, in minor units; no more decimals than the currency has."""
    exponent = EXPONENTS.get(currency, 0)
    decimals = rf"(?:\.(\d{{1,{exponent}}}))?" if exponent else "()"
    match = re.fullmatch(r"(\d{1,12})" + decimals, amount) if isinstance(amount, str) else None
    minor = int(match[1] + (match[2] or "").ljust(exponent, "0")) if match else 0
    if not minor:
        raise Refused(answers.bad_request("amount"))
    return minor


def _text(body: dict[str, Any], field: str) -> str:
    text = body.get(field, "")
    if not isinstance(text, str) or not _PLAIN.fullmatch(text):
        raise Refused(answers.bad_request(field))
    return text
