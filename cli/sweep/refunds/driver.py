"""Drives refunds: MTN pays, the merchant gives back, whoever dies meanwhile."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from cli.seed import mint_key
from cli.sweep.cells import REFUND, Cell
from cli.sweep.kinds import KindDriver
from cli.sweep.refunds.cells import OPERATIONS, PAYOUT
from cli.sweep.vault.lender import again
from cli.sweep.world import World

#: XAF without decimals; a part is given back where it is paid out.
AMOUNT, PART = 9_999, 3_333
#: Paid first: our fee is kept, so a merchant that is owed nothing else cannot bear a refund.
_FUNDS = 100_000
_PATIENCE, _DONE = 60.0, 409
_APPROVER = ("payments:read", "payouts:approve")


@dataclass(slots=True, kw_only=True)
class Back:
    """A refund the sweep has set going; `phone` is its own, so that MTN's book tells of it."""

    cell: Cell
    reference: str
    phone: str
    began: float = field(default_factory=time.monotonic)
    subject: str = ""
    payment: str = ""
    attempt: str = ""
    problem: str = ""
    status: str = ""
    seconds: float = 0.0

    @property
    def amount(self) -> int:
        """What is to go back."""
        return PART if self.cell.provider == PAYOUT else AMOUNT


def given_back_by(world: World) -> KindDriver[Back]:
    """The driver of refund cells."""
    return KindDriver(world, {REFUND: Refunds(world)}, _back)


def _back(cell: Cell, number: int) -> Back:
    return Back(cell=cell, reference=f"refund-{number:04d}", phone=f"23765{8_000_000 + number}")


class Refunds:
    """What a merchant and its second person do with one payment."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._second = ""

    async def prepare(self, one: Back) -> None:
        """Have it paid, and tell MTN how to behave when it is given back."""
        if not self._second:
            url = self._world.stack.urls.database
            self._second = mint_key(url, self._world.org, principal="second", scopes=_APPROVER)
            await self._pay(_FUNDS, "refund-funds", "237659999999")
        paid = await self._pay(AMOUNT, one.reference, one.phone)
        one.payment, one.attempt = paid["id"], paid["latest_attempt"]["id"]
        if one.cell.fault != "paid":
            order = {"fault": one.cell.fault, "operation": OPERATIONS[one.cell.provider]}
            await self._world.control("momo/faults", order)

    async def begin(self, one: Back) -> None:
        """Ask for it with the same key until it is answered; have a payout allowed."""
        body: dict[str, Any] = {"payment": one.payment, "reference": one.reference}
        if one.cell.provider == PAYOUT:
            body |= {"amount": PART, "via": PAYOUT}
        made = json.loads(await self._world.shop.post("/v1/refunds", body, one.reference))
        one.subject = made["id"]
        if one.cell.provider == PAYOUT:
            await again(lambda: self._allow(one))

    async def _pay(self, amount: int, reference: str, phone: str) -> dict[str, Any]:
        """The payment, once it succeeded."""
        body = {
            "amount": amount, "currency": "XAF", "reference": reference,
            "confirm": {"method": "momo", "payer": {"phone": f"+{phone}"}},
        }  # fmt: skip
        answer = await self._world.shop.post("/v1/checkouts", body, f"{reference}-pay")
        opened: dict[str, Any] = json.loads(answer)
        async with asyncio.timeout(_PATIENCE):
            while opened["payment"]["status"] != "succeeded":
                await asyncio.sleep(0.2)
                opened = json.loads(await self._world.shop.read(f"/v1/checkouts/{opened['id']}"))
        payment: dict[str, Any] = opened["payment"]
        return payment

    async def _allow(self, one: Back) -> None:
        """Said twice it is said once: what was decided before is an answer too."""
        headers = {"Authorization": f"Bearer {self._second}"}
        async with httpx.AsyncClient(base_url=self._world.stack.urls.api, timeout=15.0) as client:
            path = f"/v1/refunds/{one.subject}/approve"
            answer = await client.post(path, json={}, headers=headers)
        if answer.status_code != _DONE:
            answer.raise_for_status()
