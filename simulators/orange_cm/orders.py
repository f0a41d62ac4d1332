"""Reads payments as strictly as the core API does."""

import json
import re
from dataclasses import dataclass
from typing import Any

from fastapi import Request

from simulators.door import Refused
from simulators.orange_cm import answers

_MSISDN = re.compile(r"6\d{8}")
_AMOUNT = re.compile(r"[1-9]\d{0,8}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A payment that is well formed. `number` has nine digits."""

    token: str
    order: str
    number: str
    amount: int
    notif_url: str


async def payment(request: Request, *, channel: str, pin: str) -> Order:
    """A merchant payment or cash-in; raises Refused naming what is wrong."""
    body = await fields(request)
    check_channel(body, "channelUserMsisdn", channel=channel, pin=pin)
    if not _MSISDN.fullmatch(_text(body, "subscriberMsisdn")):
        raise Refused(answers.said(400, "Invalid subscriberMsisdn"))
    if not _AMOUNT.fullmatch(_text(body, "amount")):
        raise Refused(answers.said(400, "Invalid amount"))
    if not _text(body, "orderId") or not _text(body, "description"):
        raise Refused(answers.said(400, "Invalid orderId or description"))
    return Order(
        token=_text(body, "payToken"),
        order=_text(body, "orderId"),
        number=_text(body, "subscriberMsisdn"),
        amount=int(_text(body, "amount")),
        notif_url=_text(body, "notifUrl"),
    )


def check_channel(body: dict[str, Any], name: str, *, channel: str, pin: str) -> None:
    """Raises Refused where the channel or its PIN is wrong."""
    if (body.get(name), body.get("pin")) != (channel, pin):
        raise Refused(answers.forbidden())


async def fields(request: Request) -> dict[str, Any]:
    """The JSON object of a request; raises Refused."""
    try:
        body = json.loads(await request.body())
    except ValueError as wrong:
        raise Refused(answers.said(400, "Invalid body")) from wrong
    if not isinstance(body, dict):
        raise Refused(answers.said(400, "Invalid body"))
    return body


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""
