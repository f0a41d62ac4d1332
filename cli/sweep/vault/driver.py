"""Drives one saga: stopped at its point, the victim dies there and comes back."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from cli.demo.vault.told import Player
from cli.sweep.arms import NotReached
from cli.sweep.cells import FLOAT, LOAN, TOPUP, Cell
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.floats import Floats
from cli.sweep.vault.loans import Loans
from cli.sweep.vault.topups import TopUps
from cli.sweep.world import World

#: Seconds a saga may take to come by an armed point.
_TO_THE_POINT = 40.0


class Begins(Protocol):
    """One kind of saga."""

    async def prepare(self, lent: Lent) -> None:
        """Everything before the armed part."""
        ...

    async def begin(self, lent: Lent) -> None:
        """Set it going; the API may be dead meanwhile."""
        ...


class VaultDriver:
    """Numbers the sagas of one sweep and runs them."""

    def __init__(self, world: World, player: Player) -> None:
        self._world = world
        self._count = 0
        self._kinds: Mapping[str, Begins] = {
            TOPUP: TopUps(player),
            LOAN: Loans(player),
            FLOAT: Floats(player),
        }

    async def spoil(self, cell: Cell) -> Lent:
        """Begin one where something outside misbehaves."""
        lent, kind = self._lent(cell)
        await kind.prepare(lent)
        await kind.begin(lent)
        return lent

    async def kill(self, cell: Cell) -> Lent:
        """Stop one at the cell's point, kill the victim, let it rise again."""
        lent, kind = self._lent(cell)
        await kind.prepare(lent)
        point = cell.point
        if point is None:
            raise ValueError(f"{cell.name} has no point")
        arm = self._world.arms.arm(point.process, point.name)
        beginning: asyncio.Task[Any] = asyncio.create_task(kind.begin(lent))
        try:
            await self._world.arms.reached(arm, _TO_THE_POINT)
        except NotReached as never:
            lent.problem = str(never)
        await self.fell(cell.victim, [arm])
        await beginning
        return lent

    async def fell(self, victim: str, arms: Sequence[str] = ()) -> None:
        """Kill, release whoever stands at a point, start again on the same data."""
        await self._world.kill(victim)
        for arm in arms:
            self._world.arms.release(arm)
        await self._world.restart(victim)

    def _lent(self, cell: Cell) -> tuple[Lent, Begins]:
        self._count += 1
        lent = Lent(cell=cell, reference=f"sweep-{self._count:04d}")
        return lent, self._kinds[cell.saga]
