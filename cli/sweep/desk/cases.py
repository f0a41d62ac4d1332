"""Cases of ended checkouts: the payer goes, pays after all, and two people say what to do."""

import asyncio
from collections.abc import Sequence
from typing import Any

from cli.demo.vault.told import Player, until
from cli.sweep.cells import CASE, Cell
from cli.sweep.desk.cells import ACCEPT, AT_ONCE, REFUND
from cli.sweep.desk.deciding import decide
from cli.sweep.desk.filed import Filed
from cli.sweep.driven import Asked, Driven
from cli.sweep.world import SIMULATORS, World
from models import ids
from simulators.faults import named

_PAYERS = {"mpesa": "2547000000", "momo": "2376700000"}
#: Who took the money each word is about.
_OF = {ACCEPT: "mpesa", REFUND: "momo"}
_LATE = "late_success"
#: Time enough to give the session up before the money comes, on a busy machine.
_PATIENCE = {"late_after_seconds": 30.0}
_TRIES = 3
_SETTLED = """
select status from payments
 where id = %s and status in ('requires_payment_method','succeeded')"""
_CASE = "select id, amount from cases where payment_id = %s and entry_id is not null"


class Cases:
    """All sessions are spoiled together at the first cell: late money takes its time."""

    def __init__(self, world: World, player: Player, cells: Sequence[Cell]) -> None:
        self._world, self._player = world, player
        self._wanted = [_OF[cell.provider] for cell in cells if cell.saga == CASE]
        self._open: dict[str, list[Filed]] = {}

    async def prepare(self, filed: Filed) -> None:
        """Take one of the cases there are."""
        if not self._open:
            for provider in _PAYERS:
                await self._world.control(f"{SIMULATORS[provider]}/settings", _PATIENCE)
            made = await asyncio.gather(*map(self._late, range(len(self._wanted)), self._wanted))
            for provider in _PAYERS:
                self._open[provider] = [one for of, one in made if of == provider]
        one = self._open[_OF[filed.cell.provider]].pop()
        filed.subject, filed.about, filed.minor = one.subject, one.about, one.minor

    async def begin(self, filed: Filed) -> None:
        """Decide it: by one pair of people, or by two pairs that differ."""
        both = filed.cell.fault == AT_ONCE
        words = (ACCEPT, REFUND) if both else (filed.cell.provider,)
        path = f"/v1/operator/cases/{filed.subject}/decide"
        client = self._player.client
        await asyncio.gather(*(decide(client, path, decision=word) for word in words))

    async def _late(self, number: int, provider: str) -> tuple[str, Filed]:
        """Money of a session its payer had given up; one that was paid in time is tried anew."""
        cell = Cell(provider=provider, fault=_LATE, of=CASE)
        phone = _PAYERS[provider] + named(_LATE).suffix
        for again in range(_TRIES):
            driven = Driven(cell=cell, reference=f"late-{number:03d}-{again}", phone=phone)
            filed = await self._given_up(driven)
            if filed is not None:
                return provider, filed
        raise LookupError(f"no money came late in {_TRIES} sessions")

    async def _given_up(self, driven: Driven) -> Filed | None:
        """The case of its late money; None when the money came before the payer had gone."""
        await self._ask(driven, "/v1/checkouts", driven.order(confirm=True), "create")
        payment = ids.parsed(ids.PAYMENT, driven.payment_id)
        if (await until(lambda: self._row(_SETTLED, payment)))["status"] == "succeeded":
            return None
        await self._ask(driven, f"/v1/checkouts/{driven.checkout_id}/cancel", {}, "cancel")
        case = await until(lambda: self._row(_CASE, payment))
        subject, about = ids.shown(ids.CASE, case["id"]), driven.payment_id
        minor, reference = case["amount"], driven.reference
        return Filed(
            cell=driven.cell, reference=reference, subject=subject, about=about, minor=minor
        )

    async def _ask(self, driven: Driven, path: str, body: dict[str, object], step: str) -> None:
        key = f"{driven.reference}-{step}"
        answer = await self._world.shop.post(path, body, key)
        driven.learn(Asked(path=path, body=body, key=key, answer=answer))

    async def _row(self, query: str, payment: object) -> dict[str, Any] | None:
        async with self._world.reading() as connection:
            return await (await connection.execute(query, [payment])).fetchone()
