"""Payouts in the demo: one by each rail, one of them with its answer lost, each paid once."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient
from cli.demo.proof import Finding
from models.ids import uuid7

Say = Callable[[str], None]
#: Who is paid by each rail, and how much; the payees are nobody else's in the demo.
_LOST = "221770000020"
_WALLETS: dict[str, tuple[str, int, str]] = {
    "mpesa": ("254712345000", 10_000, "KES"),
    "momo": ("237677000011", 500, "XAF"),
    "airtel": ("256703000000", 5_000, "UGX"),
    "wave": (_LOST, 5_000, "XOF"),
}
#: What fills the payable first, where no checkout of the demo does.
_FILLS: dict[str, tuple[str, int, str]] = {
    "airtel": ("256704000000", 60_000, "UGX"),
    "wave": ("221771234500", 60_000, "XOF"),
}
_BANK: dict[str, Any] = {"code": "01", "account": "1122334455", "name": "Amina Otieno"}
_BOOKS = ("momo", "airtel", "wave")
_DEADLINE = 120.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOut:
    """How each ended, by rail. `theirs`: how often each wallet's provider paid the payee."""

    ended: dict[str, str]
    theirs: dict[str, int]
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        paid = [rail for rail, status in self.ended.items() if status == "paid"]
        once = all(times == 1 for times in self.theirs.values())
        return Finding(
            name="payouts: one by each rail, each paid once",
            holds=len(paid) == len(self.ended) and once,
            detail=(
                f"{', '.join(f'{rail} {status}' for rail, status in self.ended.items())}; "
                f"one answer was lost and asked for, {self.seconds:.0f} s"
            ),
        )


async def play(client: DemoClient, say: Say) -> SentOut:
    """Send one by each rail. Raises TimeoutError when the story does not end."""
    say("the merchant pays out: by M-Pesa, MTN, Airtel, Wave (its answer lost), and to a bank")
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        await asyncio.gather(*(_fill(client, rail) for rail in _FILLS))
        made = {rail: await client.post("/v1/payouts", _to_wallet(rail)) for rail in _WALLETS}
        made["pesalink"] = await client.post("/v1/payouts", _to_bank())
        ended = {rail: await _ended(client, one["id"]) for rail, one in made.items()}
    return SentOut(
        ended=ended,
        theirs={rail: await _times(client, rail) for rail in _BOOKS},
        seconds=time.monotonic() - began,
    )


async def _fill(client: DemoClient, rail: str) -> None:
    phone, amount, currency = _FILLS[rail]
    body = {
        "amount": amount,
        "currency": currency,
        "reference": f"fills-{uuid7().hex[-12:]}",
        "confirm": {"method": rail, "payer": {"phone": f"+{phone}"}},
    }
    payment = (await client.post("/v1/checkouts", body))["payment"]["id"]
    await _reaches(client, f"/v1/payments/{payment}", {"succeeded"})


def _to_wallet(rail: str) -> dict[str, Any]:
    phone, amount, currency = _WALLETS[rail]
    payee = {"phone": f"+{phone}", "name": "Amina Otieno"}
    return {**_paying(amount, currency), "method": rail, "payee": payee}


def _to_bank() -> dict[str, Any]:
    return {**_paying(10_000, "KES"), "method": "pesalink", "payee": {"bank": _BANK}}


def _paying(amount: int, currency: str) -> dict[str, Any]:
    reference = f"payout-{uuid7().hex[-12:]}"
    return {"amount": amount, "currency": currency, "purpose": "Wages", "reference": reference}


async def _ended(client: DemoClient, payout: str) -> str:
    return await _reaches(client, f"/v1/payouts/{payout}", {"paid", "failed", "canceled"})


async def _reaches(client: DemoClient, path: str, states: set[str]) -> str:
    while True:
        status = str((await client.get(path))["status"])
        if status in states:
            return status
        await asyncio.sleep(_PAUSE)


async def _times(client: DemoClient, rail: str) -> int:
    """How often the provider paid the payee. Some write numbers without the country."""
    phone = _WALLETS[rail][0]
    sent = (await client.control(f"{rail}/book"))["payouts"]
    return sum(one["outcome"] == "paid" and phone.endswith(one["payee"][-9:]) for one in sent)
