"""Refunds in the demo: a payment by Airtel given back whole, one by card in two parts."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from cli.demo.client import DemoClient
from cli.demo.proof import Finding
from models.ids import uuid7

Say = Callable[[str], None]
#: Whole by Airtel, in Ugandan shillings; by card in Kenyan cents, first a part and then the rest.
_WHOLE, _CARD, _PART = 30_000, 250_000, 100_000
_BY_AIRTEL = (_WHOLE, "UGX", "airtel", "+256702000000")
_BY_CARD = (_CARD, "KES", "cards", "+254712000222")
_DEADLINE = 120.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBack:
    """What became of them. `above`: what one unit more than is left was answered.

    `theirs`: what the card gateway gave back, in its own words.
    """

    whole: dict[str, Any]
    parts: list[dict[str, Any]]
    payment: dict[str, Any]
    above: str
    theirs: int
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        ended = [one["status"] for one in (self.whole, *self.parts)] == ["succeeded"] * 3
        sums = (self.payment["amount_refunded"], self.theirs) == (_CARD, _CARD)
        return Finding(
            name="refunds: whole, and in parts up to what was captured",
            holds=ended and sums and self.above == "refund_exceeds_captured",
            detail=(
                f"UGX {_WHOLE:,} whole by Airtel {self.whole['status']}; by card "
                f"{' and '.join(str(one['amount']) for one in self.parts)} of {_CARD}, one more "
                f"is {self.above}, {self.seconds:.0f} s"
            ),
        )


async def play(client: DemoClient, say: Say) -> GivenBack:
    """Two payments given back. Raises TimeoutError when the story does not end."""
    say("two payments are given back: one whole, one in parts")
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        # Our fee is kept: payments beside them let the merchant bear the whole of one.
        by_airtel, by_card, *_beside = await asyncio.gather(
            *(_paid(client, *asked) for asked in (_BY_AIRTEL, _BY_CARD) * 2)
        )
        whole, part = await asyncio.gather(
            _refund(client, by_airtel), _refund(client, by_card, amount=_PART)
        )
        rest = await _refund(client, by_card)
        above = await _above(client, by_card)
    book = await client.control("cards/book")
    payment = await client.get(f"/v1/payments/{by_card}")
    attempt = payment["latest_attempt"]["id"]
    return GivenBack(
        whole=whole,
        parts=[part, rest],
        payment=payment,
        above=above,
        theirs=sum(one["amount_minor"] for one in book["refunds"] if one["order"] == attempt),
        seconds=time.monotonic() - began,
    )


async def _paid(client: DemoClient, amount: int, currency: str, method: str, phone: str) -> str:
    """A payment that succeeded; its id."""
    body = {
        "amount": amount,
        "currency": currency,
        "reference": f"refund-{uuid7().hex[-12:]}",
        "description": "Two dresses",
        "confirm": {"method": method, "payer": {"phone": phone}},
    }
    made = await client.post("/v1/checkouts", body)
    payment = str(made["payment"]["id"])
    while True:
        if (await client.get(f"/v1/payments/{payment}"))["status"] == "succeeded":
            return payment
        await asyncio.sleep(_PAUSE)


async def _refund(client: DemoClient, payment: str, **more: Any) -> dict[str, Any]:
    """A refund, once it ended."""
    made = await client.post("/v1/refunds", {"payment": payment, "reason": "too small", **more})
    while made["status"] not in {"succeeded", "failed", "canceled"}:
        await asyncio.sleep(_PAUSE)
        made = await client.get(f"/v1/refunds/{made['id']}")
    return made


async def _above(client: DemoClient, payment: str) -> str:
    """What one unit more than there is left is answered."""
    try:
        await client.post("/v1/refunds", {"payment": payment, "amount": 1})
    except httpx.HTTPStatusError as error:
        return str(error.response.json()["code"])
    return "taken"
