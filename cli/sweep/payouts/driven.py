"""A payout the sweep has set going, and the merchant it is taken from."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from cli.demo.vault.told import until
from cli.sweep.cells import Cell
from cli.sweep.kinds import KindDriver
from cli.sweep.world import World
from models import ids
from simulators.faults import named

#: Currency, what fills the payable, what a payout carries, and a magic number less two digits.
_RAILS: dict[str, tuple[str, int, int, str]] = {
    "wave": ("XOF", 2_000_000, 1_000, "2217700000"),
    "airtel": ("UGX", 5_000_000, 1_000, "2567000000"),
    "momo": ("XAF", 1_000_000, 1_000, "2376700000"),
}
_SUCCEEDED = "select count(*) as n from payments where id = any(%s) and status = 'succeeded'"


@dataclass(slots=True, kw_only=True)
class Paid:
    """A cell at work. `subject`: the payout's public id, empty until it is known."""

    cell: Cell
    reference: str
    began: float = field(default_factory=time.monotonic)
    subject: str = ""
    problem: str = ""
    status: str = ""
    seconds: float = 0.0


class Payouts:
    """Asks for payouts, and for the same one until it is answered."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def prepare(self, paid: Paid) -> None:
        """Nothing: the request is what may be stopped."""

    async def begin(self, paid: Paid) -> None:
        """Ask for it with the same key until it is answered."""
        currency, _full, amount, magic = _RAILS[paid.cell.provider]
        body: dict[str, Any] = {
            "amount": amount,
            "currency": currency,
            "method": paid.cell.provider,
            "payee": {"phone": f"+{magic}{named(paid.cell.fault).suffix}"},
            "purpose": "Sweep",
            "reference": paid.reference,
        }
        answer = await self._world.shop.post("/v1/payouts", body, paid.reference)
        paid.subject = json.loads(answer)["id"]


def paid_by(world: World) -> KindDriver[Paid]:
    """The driver of these cells."""
    return KindDriver(world, {"payout": Payouts(world)}, _paid)


def _paid(cell: Cell, number: int) -> Paid:
    return Paid(cell=cell, reference=f"payout-{number:04d}")


async def filled(world: World) -> None:
    """A charge on each rail fills what the merchant is owed. Raises TimeoutError."""
    made = await asyncio.gather(*(_charge(world, rail) for rail in _RAILS))
    await until(lambda: _all_paid(world, made))


async def _charge(world: World, rail: str) -> str:
    currency, full, _amount, magic = _RAILS[rail]
    body = {
        "amount": full,
        "currency": currency,
        "reference": f"fills-{rail}",
        "confirm": {"method": rail, "payer": {"phone": f"+{magic}00"}},
    }
    answer = await world.shop.post("/v1/checkouts", body, f"fills-{rail}")
    payment: str = json.loads(answer)["payment"]["id"]
    return payment


async def _all_paid(world: World, payments: list[str]) -> dict[str, Any] | None:
    rows = [ids.parsed(ids.PAYMENT, one) for one in payments]
    async with world.reading() as connection:
        found = await (await connection.execute(_SUCCEEDED, [rows])).fetchone()
    return found if found is not None and found["n"] == len(payments) else None
