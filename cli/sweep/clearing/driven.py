"""A move the sweep has set going, and the two treasurers who ask for it and allow it."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any

from cli.demo.client import DemoClient, Keys
from cli.demo.vault.bank import POOL
from cli.demo.vault.told import until
from cli.seed import mint_key
from cli.sweep.cells import CLEARING, Cell
from cli.sweep.kinds import KindDriver
from cli.sweep.shop import Shop
from cli.sweep.world import World
from models import ids
from workflows.bank_statement import FOLLOW

_MOVES = "/v1/treasury/moves"
#: An account of ours the sweep opens at the bank, and cents.
OTHER, _AMOUNT, _FILLS = "7744510999", 1_000, 1_000_000
_STATE = "select state from sagas where id = %s and state = 'arrived'"
_NEVER_LEFT = {
    "outcome": "failed",
    "reason": "the process died before it was sent",
    "evidence": "the bank's own book",
}
_POOL = {"kind": "bank", "bank": "ncba", "account": POOL}


@dataclass(slots=True, kw_only=True)
class Moved:
    """A cell at work. `subject`: the move's public id, empty until it is known."""

    cell: Cell
    reference: str
    began: float = field(default_factory=time.monotonic)
    subject: str = ""
    problem: str = ""
    status: str = ""
    seconds: float = 0.0


class Moves:
    """One treasurer asks, the other allows; each until it is answered."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._asks, self._allows = _treasurer(world, "mara"), _treasurer(world, "tess")
        self._operators = DemoClient(world.stack.urls.api, "", _operators(world))

    async def aclose(self) -> None:
        """Close every connection."""
        await self._asks.aclose()
        await self._allows.aclose()
        await self._operators.__aexit__(None, None, None)

    async def filled(self) -> None:
        """Put capital on the pool account, shown by the bank. Raises TimeoutError."""
        await self._world.control("ncba/accounts", {"account": OTHER, "balance_minor": 0})
        asked = await self._ask({"kind": "capital"}, _POOL, _FILLS, "clearing-fills")
        await self._allow(asked["id"], "clearing-fills")
        credit = {"account": POOL, "amount_minor": _FILLS, "form": "none"}
        await self._world.control("ncba/credit", {**credit, "narrative": asked["reference"]})
        await until(lambda: self._sent(asked["id"]))
        await self._world.client.get_schedule_handle(FOLLOW).trigger()
        await until(lambda: self._stands(asked["id"]))

    async def prepare(self, moved: Moved) -> None:
        """Order what the bank will do."""
        if moved.cell.point is None and moved.cell.fault != "paid":
            fault = {"fault": moved.cell.fault, "operation": "transfer"}
            await self._world.control("ncba/faults", fault)

    async def begin(self, moved: Moved) -> None:
        """Ask for it and allow it."""
        there = {**_POOL, "account": OTHER}
        asked = await self._ask(_POOL, there, _AMOUNT, moved.reference, to_account=OTHER)
        moved.subject = asked["id"]
        await self._allow(moved.subject, moved.reference)

    async def resolve(self, move: str) -> None:
        """Two operators say that it never left; refused where it is known by now."""
        path = f"/v1/operator/sagas/{move}/resolve"
        await self._operators.operate("POST", path, _NEVER_LEFT)

    async def _ask(
        self, origin: Any, destination: Any, amount: int, key: str, **more: Any
    ) -> dict[str, Any]:
        body = {
            "origin": origin,
            "destination": destination,
            "amount": amount,
            "currency": "KES",
            "reason": "the sweep",
            **more,
        }
        asked: dict[str, Any] = json.loads(await self._asks.post(_MOVES, body, key))
        return asked

    async def _allow(self, move: str, key: str) -> None:
        path = f"{_MOVES}/{move}/approve"
        await self._allows.post(path, {"reason": "the sweep"}, f"{key}-allowed")

    async def _sent(self, move: str) -> dict[str, Any] | None:
        return await self._row("select id from sagas where id = %s and state = 'sent'", move)

    async def _stands(self, move: str) -> dict[str, Any] | None:
        return await self._row(_STATE, move)

    async def _row(self, query: str, move: str) -> dict[str, Any] | None:
        async with self._world.reading() as connection:
            found = await connection.execute(query, [ids.parsed(ids.CLEARING, move)])
            return await found.fetchone()


def moved_by(world: World, moves: Moves) -> KindDriver[Moved]:
    """The driver of these cells."""
    return KindDriver(world, {CLEARING: moves}, _moved)


async def moving(world: World) -> Moves:
    """The two treasurers, and money to move."""
    moves = await asyncio.to_thread(Moves, world)
    await moves.filled()
    return moves


def _treasurer(world: World, person: str) -> Shop:
    key = mint_key(
        world.stack.urls.database, ids.PLATFORM_ORG, principal=person, scopes=["treasury"]
    )
    return Shop(world.stack.urls.api, key)


def _operators(world: World) -> Keys:
    amina, brian = (
        mint_key(world.stack.urls.database, ids.PLATFORM_ORG, principal=person, scopes=["operator"])
        for person in ("op.amina", "op.brian")
    )
    return Keys(merchant="", operator=amina, approver=brian)


def _moved(cell: Cell, number: int) -> Moved:
    return Moved(cell=cell, reference=f"clearing-{number:04d}")
