"""Payouts in the demo: one by each rail, one of them with its answer lost, each paid once."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient
from cli.demo.payees import AT_OURS, PAYEES, Payee
from cli.demo.proof import Finding
from models.ids import uuid7

Say = Callable[[str], None]
#: What is paid in first, where no checkout of the demo does: a wallet pays out what came to it,
#: and what RTGS carries is more than the merchant sold.
_FILLS: tuple[tuple[str, str, int, str], ...] = (
    ("airtel", "256704000000", 60_000, "UGX"),
    ("wave", "221771234500", 60_000, "XOF"),
    ("orange_cm", "237691111111", 5_000, "XAF"),
    ("camtel", "237620111111", 5_000, "XAF"),
    ("cards", "254712000333", 60_000_000, "KES"),
    ("cards", "254712000444", 60_000_000, "KES"),
)
_DEADLINE = 240.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOut:
    """How each ended, by rail. `theirs`: how often each rail's own book has the payee paid."""

    ended: dict[str, str]
    theirs: dict[str, int]
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        paid = [rail for rail, status in self.ended.items() if status == "paid"]
        once = [rail for rail, times in self.theirs.items() if times == 1]
        return Finding(
            name="payouts: one by each rail, each paid once",
            holds=paid == once == list(PAYEES),
            detail=(
                f"{', '.join(f'{rail} {status}' for rail, status in self.ended.items())}; "
                f"{len(once)} of {len(PAYEES)} once in the rail's own book, one answer was lost "
                f"and asked for, {self.seconds:.0f} s"
            ),
        )


async def play(client: DemoClient, say: Say) -> SentOut:
    """Send one by each rail. Raises TimeoutError when the story does not end."""
    say(
        "the merchant pays out: by M-Pesa, MTN, Airtel, Wave (its answer lost), Orange Money, "
        "Camtel, and to banks by PesaLink, EFT, RTGS and within NCBA"
    )
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        await client.control("ncba/accounts", {"account": AT_OURS, "balance_minor": 0})
        await asyncio.gather(*(_fill(client, *one) for one in _FILLS))
        made = {
            rail: await client.post("/v1/payouts", _order(rail, PAYEES[rail])) for rail in PAYEES
        }
        ended = {rail: await _ended(client, one["id"]) for rail, one in made.items()}
    return SentOut(
        ended=ended,
        theirs={rail: await _times(client, payee) for rail, payee in PAYEES.items()},
        seconds=time.monotonic() - began,
    )


async def _fill(client: DemoClient, rail: str, phone: str, amount: int, currency: str) -> None:
    body = {
        "amount": amount,
        "currency": currency,
        "reference": f"fills-{uuid7().hex[-12:]}",
        "confirm": {"method": rail, "payer": {"phone": f"+{phone}"}},
    }
    payment = (await client.post("/v1/checkouts", body))["payment"]["id"]
    await _reaches(client, f"/v1/payments/{payment}", {"succeeded"})


def _order(rail: str, payee: Payee) -> dict[str, Any]:
    return {
        "amount": payee.amount,
        "currency": payee.currency,
        "purpose": "Wages",
        "reference": f"payout-{uuid7().hex[-12:]}",
        "method": rail,
        "payee": payee.named,
    }


async def _ended(client: DemoClient, payout: str) -> str:
    return await _reaches(client, f"/v1/payouts/{payout}", {"paid", "failed", "canceled"})


async def _reaches(client: DemoClient, path: str, states: set[str]) -> str:
    while True:
        status = str((await client.get(path))["status"])
        if status in states:
            return status
        await asyncio.sleep(_PAUSE)


async def _times(client: DemoClient, payee: Payee) -> int:
    return payee.times(await client.control(f"{payee.book}/book"))
