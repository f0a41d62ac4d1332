"""Drives batches: a file is sent until it is taken, and canceled where the cell says so."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from cli.sweep.batch.cells import STOP
from cli.sweep.cells import BATCH, Cell
from cli.sweep.kinds import KindDriver
from cli.sweep.shop import Refused
from cli.sweep.world import World

#: Rows of a batch; each is KES 100.
ROWS, AMOUNT = 12, 100
_PATH = "/v1/payout_batches"
#: Minor units the merchant is paid before anything is paid out; its checkouts take the charge.
_FUNDS, _TIMES = 15_000_000, 2
_PATIENCE = 60.0


@dataclass(slots=True, kw_only=True)
class Batched:
    """A batch the sweep has set going. `number` makes its payees its own."""

    cell: Cell
    reference: str
    number: int
    subject: str = ""
    began: float = field(default_factory=time.monotonic)
    problem: str = ""
    status: str = ""
    seconds: float = 0.0

    @property
    def file(self) -> str:
        """Its rows."""
        payees = (f"+25471{self.number:03d}{row:04d}" for row in range(ROWS))
        return "phone,amount\n" + "".join(f"{payee},{AMOUNT}\n" for payee in payees)


class Batches:
    """Sends files as the sweep's merchant, which is paid first."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._funded = False

    async def prepare(self, batched: Batched) -> None:
        """Have the merchant paid, once."""
        del batched
        if not self._funded:
            self._funded = True
            for number in range(_TIMES):
                await self._paid(f"sweep-funds-{number}")

    async def begin(self, batched: Batched) -> None:
        """Send the file with the same key until it is answered."""
        path = f"{_PATH}?currency=KES&country=KE"
        answer = await self._world.shop.send(path, batched.file, batched.reference)
        batched.subject = json.loads(answer)["id"]
        point = batched.cell.point
        if point is not None and point.name == STOP:
            await self._cancel(batched)

    async def _cancel(self, batched: Batched) -> None:
        path, key = f"{_PATH}/{batched.subject}/cancel", f"{batched.reference}-cancel"
        try:
            await self._world.shop.post(path, {}, key)
        except Refused as refused:
            batched.problem = f"it was not canceled: {refused}"

    async def _paid(self, reference: str) -> None:
        payer: dict[str, Any] = {"method": "mpesa", "payer": {"phone": "+254712999999"}}
        body = {"amount": _FUNDS, "currency": "KES", "reference": reference, "confirm": payer}
        opened = json.loads(await self._world.shop.post("/v1/checkouts", body, reference))
        async with asyncio.timeout(_PATIENCE):
            while opened["payment"]["status"] != "succeeded":
                await asyncio.sleep(0.2)
                opened = json.loads(await self._world.shop.read(f"/v1/checkouts/{opened['id']}"))


def batched_by(world: World) -> KindDriver[Batched]:
    """The driver of batches."""
    return KindDriver(world, {BATCH: Batches(world)}, _batched)


def _batched(cell: Cell, number: int) -> Batched:
    return Batched(cell=cell, reference=f"batch-{number:04d}", number=number)
