"""Reads orders as strictly as the proposed contract does."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from simulators.camtel import answers
from simulators.door import Refused

_NUMBER = re.compile(r"\+237\d{9}")
_AMOUNT = re.compile(r"[1-9]\d{0,9}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A collection or transfer that is well formed. `body` tells a repeat from another order."""

    reference: str
    number: str
    amount: int
    callback_url: str
    body: str


async def read(request: Request, party: str) -> Order:
    """The order; raises Refused. `party`: `payer` or `payee`; empty for a refund."""
    raw = await request.body()
    body = _fields(raw)
    number = body.get(party, "")
    reference = body.get("client_reference")
    right = (not party) or (isinstance(number, str) and _NUMBER.fullmatch(number))
    if not right or not isinstance(reference, str) or not reference:
        raise Refused(answers.error(400, "invalid_request"))
    if request.headers.get("idempotency-key") != reference:
        raise Refused(answers.error(400, "invalid_request"))
    amount = body.get("amount")
    if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
        raise Refused(answers.error(400, "invalid_request"))
    if party and body.get("currency") != "XAF":
        raise Refused(answers.error(400, "invalid_request"))
    return Order(
        reference=reference,
        number=str(number).removeprefix("+"),
        amount=int(amount),
        callback_url=str(body.get("callback_url", "")),
        body=hashlib.sha256(raw).hexdigest(),
    )


def _fields(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw)
    except ValueError as wrong:
        raise Refused(answers.error(400, "invalid_request")) from wrong
    if not isinstance(body, dict):
        raise Refused(answers.error(400, "invalid_request"))
    return body
