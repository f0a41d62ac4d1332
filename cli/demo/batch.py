"""A file of payouts in the demo: its worker is killed in the middle, and nobody is paid twice."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient
from cli.demo.proof import Finding
from models.ids import uuid7

Say = Callable[[str], None]
#: Rows of the file, each UGX 1,000, to numbers of its own; how many are paid when the worker dies.
#: By Airtel: what was on its way and never arrived is proven absent there, and sent by itself.
ROWS, _AMOUNT, _KILLED_AT = 1_000, 1_000, 400
#: How often it is said how many are paid.
_TOLD_EVERY = 200
#: What the merchant is paid before.
_FUNDS, _PAYER = 1_500_000, "+256752777777"
#: Of either half. Two cores that do nothing else pay 17 rows a second.
_DEADLINE = 300.0
_PAUSE = 0.5
_ENDED = {"completed", "completed_with_errors", "invalid", "canceled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What became of it. `paid`: rows that say so; `times`: how often Airtel paid each number."""

    status: str
    paid: int
    paid_before: int
    times: Counter[str]
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        doubled = sum(1 for times in self.times.values() if times > 1)
        whole = self.status == "completed" and self.paid == len(self.times) == ROWS
        return Finding(
            name="batch: killed in the middle, every row paid, nobody twice",
            holds=whole and doubled == 0 and _KILLED_AT <= self.paid_before < ROWS,
            detail=(
                f"{self.paid:,} of {ROWS:,} rows paid, {self.paid_before} before the worker was "
                f"killed, {doubled} doubled in Airtel's book, {self.seconds:.0f} s"
            ),
        )


async def begin(client: DemoClient, say: Say) -> "Running":
    """Send the file, and wait until its middle is near. Raises TimeoutError."""
    say(f"a file of {ROWS:,} payouts is sent; the other stories go on beside it")
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        await _funded(client)
        path = "/v1/payout_batches?currency=UGX&reference=demo-salaries"
        sent = await client.upload(path, _file())
        running = Running(client, sent["id"], say, began=began)
        await running.until(lambda shown: _paid(shown) >= _KILLED_AT)
    return running


class Running:
    """The batch while other stories play. `pause`: seconds between two looks."""

    def __init__(
        self, client: DemoClient, batch: str, say: Say, *, began: float, pause: float = _PAUSE
    ) -> None:
        self._client, self._batch, self._say = client, batch, say
        self._began, self._pause = began, pause
        self._paid_before, self._told = 0, 0

    async def broken_off(self, kill: Callable[[], Awaitable[None]]) -> None:
        """Its worker dies now, and another takes over."""
        self._paid_before = _paid(await self._look())
        self._say(f"  the file: the worker is killed, {self._paid_before} of {ROWS:,} rows paid")
        await kill()
        self._say("  the file: another worker goes on")

    async def end(self) -> Batch:
        """Wait for its end, and count in Airtel's book. Raises TimeoutError."""
        async with asyncio.timeout(_DEADLINE):
            shown = await self.until(lambda shown: shown["status"] in _ENDED)
        return Batch(
            status=shown["status"],
            paid=_paid(shown),
            paid_before=self._paid_before,
            times=await _times(self._client),
            seconds=time.monotonic() - self._began,
        )

    async def until(self, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Look until it stands so, or has ended; say now and then how far it is."""
        while True:
            shown = await self._look()
            if holds(shown) or shown["status"] in _ENDED:
                return shown
            await asyncio.sleep(self._pause)

    async def _look(self) -> dict[str, Any]:
        shown = await self._client.get(f"/v1/payout_batches/{self._batch}")
        paid = _paid(shown)
        if paid // _TOLD_EVERY > self._told:
            self._told = paid // _TOLD_EVERY
            self._say(f"  the file: {paid:,} of {ROWS:,} rows paid")
        return shown


def _file() -> str:
    return "phone,amount,reference\n" + "".join(
        f"+{phone},{_AMOUNT},DEMO-{number}\n" for number, phone in enumerate(_phones())
    )


def _phones() -> list[str]:
    return [f"25675{number:07d}" for number in range(1, ROWS + 1)]


def _paid(shown: dict[str, Any]) -> int:
    return int(shown["progress"].get("paid", {}).get("rows", 0))


async def _funded(client: DemoClient) -> None:
    """The merchant is owed more than the file pays."""
    confirm = {"method": "airtel", "payer": {"phone": _PAYER}}
    session = {"amount": _FUNDS, "currency": "UGX", "reference": f"funds-{uuid7().hex[-12:]}"}
    opened = await client.post("/v1/checkouts?wait=20", {**session, "confirm": confirm})
    while opened["payment"]["status"] != "succeeded":
        await asyncio.sleep(_PAUSE)
        opened = await client.get(f"/v1/checkouts/{opened['id']}")


async def _times(client: DemoClient) -> Counter[str]:
    """How often each number of the file was paid, by Airtel's book."""
    payouts = (await client.control("airtel/book"))["payouts"]
    ours = {phone[-9:] for phone in _phones()}
    paid = [one["payee"][-9:] for one in payouts if one["outcome"] == "paid"]
    return Counter(phone for phone in paid if phone in ours)
