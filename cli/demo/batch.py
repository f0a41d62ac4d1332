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
ROWS, _AMOUNT, _KILLED_AT = 100, 1_000, 10
#: What the merchant is paid before.
_FUNDS, _PAYER = 200_000, "+256752777777"
_DEADLINE = 120.0
_PAUSE = 0.3
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
        return Finding(
            name="batch: killed in the middle, every row paid, nobody twice",
            holds=self.status == "completed" and self.paid == len(self.times) == ROWS
            and doubled == 0,
            detail=(
                f"{self.paid} of {ROWS} rows paid, {self.paid_before} before the worker was "
                f"killed, {doubled} doubled in Airtel's book, {self.seconds:.0f} s"
            ),
        )  # fmt: skip


async def begin(client: DemoClient, kill: Callable[[], Awaitable[None]], say: Say) -> "Running":
    """Send the file, and kill the worker once some rows are paid. Raises TimeoutError."""
    say(f"a file of {ROWS} payouts; its worker is killed in the middle")
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        await _funded(client)
        path = "/v1/payout_batches?currency=UGX&reference=demo-salaries"
        sent = await client.upload(path, _file())
        shown = await _until(client, sent["id"], lambda one: _paid(one) >= _KILLED_AT)
        await kill()
    return Running(client, sent["id"], _paid(shown), began)


class Running:
    """The batch while other stories play."""

    def __init__(self, client: DemoClient, batch: str, paid_before: int, began: float) -> None:
        self._client, self._batch = client, batch
        self._paid_before, self._began = paid_before, began

    async def end(self) -> Batch:
        """Wait for its end, and count in Airtel's book. Raises TimeoutError."""
        async with asyncio.timeout(_DEADLINE):
            shown = await _until(self._client, self._batch, lambda one: one["status"] in _ENDED)
        return Batch(
            status=shown["status"],
            paid=_paid(shown),
            paid_before=self._paid_before,
            times=await _times(self._client),
            seconds=time.monotonic() - self._began,
        )


def _file() -> str:
    return "phone,amount,reference\n" + "".join(
        f"+{phone},{_AMOUNT},DEMO-{number}\n" for number, phone in enumerate(_phones())
    )


def _phones() -> list[str]:
    return [f"25675{number:07d}" for number in range(1, ROWS + 1)]


def _paid(shown: dict[str, Any]) -> int:
    return int(shown["progress"].get("paid", {}).get("rows", 0))


async def _until(
    client: DemoClient, batch: str, holds: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    while True:
        shown = await client.get(f"/v1/payout_batches/{batch}")
        if holds(shown) or shown["status"] in _ENDED:
            return shown
        await asyncio.sleep(_PAUSE)


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
