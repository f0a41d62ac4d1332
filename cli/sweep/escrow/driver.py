"""Drives escrows: paid by MTN, then each leaves its own way, whoever dies meanwhile."""

import asyncio
import json
from typing import Any

import httpx

from cli.demo.vault.told import until
from cli.seed import mint_key
from cli.sweep.cells import ESCROW, Cell
from cli.sweep.escrow.cells import AT_ONCE, BACK, DIVIDED, PROOF, TIMER
from cli.sweep.escrow.kept import AMOUNT, PART, Kept
from cli.sweep.kinds import KindDriver
from cli.sweep.shop import Refused
from cli.sweep.vault.lender import again
from cli.sweep.watch import AWAY
from cli.sweep.world import World
from models import ids

#: Seconds of the rule, twenty of them to a second here.
_AFTER = {TIMER: 60}
_STATE = "select state from sagas where id = %s and state = any(%s)"
#: Deciders of one moment.
_CROWD = 6
_ALREADY = 409


def kept_by(world: World) -> KindDriver[Kept]:
    """The driver of escrow cells."""
    return KindDriver(world, {ESCROW: Escrows(world)}, _kept)


def _kept(cell: Cell, number: int) -> Kept:
    return Kept(cell=cell, reference=f"escrow-{number:04d}", phone=f"23765{9_000_000 + number}")


class Escrows:
    """What merchant, customer and operators do with one escrow."""

    def __init__(self, world: World) -> None:
        self._world = world
        url = world.stack.urls.database
        self._operators = [
            mint_key(url, ids.PLATFORM_ORG, principal=name, scopes=("operator",))
            for name in ("op.escrow.ada", "op.escrow.brian")
        ]

    async def prepare(self, one: Kept) -> None:
        """Nothing: making it is what may be stopped."""

    async def begin(self, one: Kept) -> None:
        """Make it, have it paid, and let its money leave."""
        way = one.cell.provider
        rule = {"after": _AFTER.get(way), "on_proof": True}
        body = {
            "amount": AMOUNT, "currency": "XAF", "reference": one.reference, "expires_in": 3600,
            "release": rule, "confirm": {"method": "momo", "payer": {"phone": f"+{one.phone}"}},
        }  # fmt: skip
        made = json.loads(await self._world.shop.post("/v1/escrows", body, one.reference))
        one.subject, one.payment = made["id"], made["payment"]
        await self._stands(one, "funded", "partly_released", "released")
        if way == PROOF:
            await self._prove(one)
        elif way == BACK:
            await self._say(one, "refund", {"reason": "the sweep sends it back"})
        elif way == DIVIDED:
            await self._divide(one)
        elif one.cell.fault == AT_ONCE:
            await self._crowd(one)

    async def _prove(self, one: Kept) -> None:
        if one.cell.fault == AT_ONCE:
            await self._crowd(one)
        else:
            await self._release(one, PART, "first")
            await self._stands(one, "partly_released")
        await self._release(one, None, "rest")

    async def _crowd(self, one: Kept) -> None:
        """More proofs at once than there is money for."""
        await asyncio.gather(
            *(self._release(one, PART, f"crowd-{number}") for number in range(_CROWD))
        )

    async def _release(self, one: Kept, amount: int | None, step: str) -> None:
        await self._say(one, "release", {"amount": amount, "proof": "seen by the sweep"}, step)

    async def _divide(self, one: Kept) -> None:
        await self._say(one, "dispute", {"reason": "the sweep complains"})
        await self._stands(one, "disputed")
        body = {"release": PART, "refund": AMOUNT - PART, "reason": "the sweep divides"}
        path = f"/v1/operator/escrows/{one.subject}/decide"
        await again(lambda: self._operate(path, body))

    async def _say(self, one: Kept, verb: str, body: dict[str, Any], step: str = "") -> None:
        """Once, however often it is sent; what was decided before is an answer too."""
        key = f"{one.reference}-{verb}-{step}"
        try:
            await self._world.shop.post(f"/v1/escrows/{one.subject}/{verb}", body, key)
        except Refused as refused:
            if f": {_ALREADY} " not in str(refused):
                raise

    async def _operate(self, path: str, body: dict[str, Any]) -> None:
        first, second = self._operators
        headers = {"Authorization": f"Bearer {first}", "Kauri-Approver": f"Bearer {second}"}
        async with httpx.AsyncClient(base_url=self._world.stack.urls.api, timeout=15.0) as client:
            answer = await client.post(path, json=body, headers=headers)
        if answer.status_code != _ALREADY:
            answer.raise_for_status()

    async def _stands(self, one: Kept, *states: str) -> None:
        asked = [ids.parsed(ids.ESCROW, one.subject), list(states)]
        await until(lambda: self._row(asked))

    async def _row(self, asked: list[Any]) -> dict[str, Any] | None:
        try:
            async with self._world.reading() as connection:
                return await (await connection.execute(_STATE, asked)).fetchone()
        except AWAY:
            return None
