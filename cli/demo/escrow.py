"""An escrow in the demo: paid, partly released by proof, the rest disputed and given back."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient
from cli.demo.proof import Finding
from models.ids import uuid7

Say = Callable[[str], None]
#: Ugandan shillings have no cents. The payer's phone is nobody else's in the demo.
_PAID, _RELEASED = 50_000, 20_000
_PHONE = "256701000000"
_DEADLINE = 120.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of it. `debited` and `came_back` are Airtel's own words about the payer."""

    escrow: dict[str, Any]
    debited: int
    came_back: int
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        told = self.escrow
        parts = (told["status"], told["funded"], told["released"], told["refunded"])
        right = ("closed", _PAID, _RELEASED, _PAID - _RELEASED)
        theirs = (self.debited, self.came_back) == (_PAID, _PAID - _RELEASED)
        return Finding(
            name="escrow: funded, partly released, the rest refunded by two people",
            holds=parts == right and theirs,
            detail=(
                f"{told['status']}: UGX {told['funded']:,} in, {told['released']:,} released, "
                f"{told['refunded']:,} refunded; the payer paid {self.debited:,} and got "
                f"{self.came_back:,} back, {self.seconds:.0f} s"
            ),
        )


async def play(client: DemoClient, say: Say) -> Kept:
    """One order kept by Airtel's money. Raises TimeoutError when the story does not end."""
    say("an order is paid into an escrow: part is delivered, the customer complains about the rest")
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        made = await client.post("/v1/escrows", _order())
        await _stands(client, made["id"], "funded")
        proof = {"amount": _RELEASED, "proof": "two of five bags delivered, waybill 1042"}
        await client.post(f"/v1/escrows/{made['id']}/release", proof)
        await _stands(client, made["id"], "partly_released")
        link = f"/e/{made['confirm_url'].rpartition('/e/')[2]}"
        await client.post(f"{link}/dispute", {"reason": "three bags never came"})
        await _stands(client, made["id"], "disputed")
        word = {"release": 0, "refund": _PAID - _RELEASED, "reason": "the courier confirms it"}
        await client.operate("POST", f"/v1/operator/escrows/{made['id']}/decide", word)
        ended = await _stands(client, made["id"], "closed")
    book = await client.control("airtel/book")
    return Kept(
        escrow=ended,
        debited=_minor(one for one in book["debits"] if _is_payer(one["payer"])),
        came_back=_minor(one for one in book["payouts"] if _is_payer(one["payee"])),
        seconds=time.monotonic() - began,
    )


def _order() -> dict[str, Any]:
    return {
        "amount": _PAID,
        "currency": "UGX",
        "reference": f"escrow-{uuid7().hex[-12:]}",
        "description": "Five bags of maize",
        "release": {"on_proof": True, "on_confirmation": True},
        "confirm": {"method": "airtel", "payer": {"phone": f"+{_PHONE}"}},
    }


async def _stands(client: DemoClient, escrow: str, state: str) -> dict[str, Any]:
    while True:
        found = await client.get(f"/v1/escrows/{escrow}")
        if found["status"] == state:
            return found
        await asyncio.sleep(_PAUSE)


def _is_payer(phone: str) -> bool:
    """Airtel writes numbers without the country."""
    return bool(phone) and _PHONE.endswith(phone.removeprefix("+"))


def _minor(moved: Iterable[dict[str, Any]]) -> int:
    return sum(int(one["amount_minor"]) for one in moved)
