"""Drives one thing of a kind: stopped at its point, the victim dies there and comes back."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from cli.sweep.arms import NotReached
from cli.sweep.cells import Cell
from cli.sweep.watch import Tried
from cli.sweep.world import World

#: Seconds a thing may take to come by an armed point.
_TO_THE_POINT = 40.0


class Beginning(Tried, Protocol):
    """What is driven; a problem says why the cell could not be tried as meant."""

    problem: str


B = TypeVar("B", bound=Beginning)
B_contra = TypeVar("B_contra", bound=Beginning, contravariant=True)


class Begins(Protocol[B_contra]):
    """One kind of thing."""

    async def prepare(self, one: B_contra, /) -> None:
        """Everything before the armed part."""
        ...

    async def begin(self, one: B_contra, /) -> None:
        """Set it going; the API may be dead meanwhile."""
        ...


class KindDriver(Generic[B]):
    """Numbers what is driven and runs it. `new` makes one of a cell and a reference of its own."""

    def __init__(
        self, world: World, kinds: Mapping[str, Begins[B]], new: Callable[[Cell, int], B]
    ) -> None:
        self._world, self._kinds, self._new = world, kinds, new
        self._count = 0

    async def spoil(self, cell: Cell) -> B:
        """Begin one where something outside misbehaves."""
        one, kind = self._one(cell)
        await kind.prepare(one)
        await kind.begin(one)
        return one

    async def kill(self, cell: Cell) -> B:
        """Stop one at the cell's point, kill the victim, let it rise again."""
        one, kind = self._one(cell)
        await kind.prepare(one)
        point = cell.point
        if point is None:
            raise ValueError(f"{cell.name} has no point")
        arm = self._world.arms.arm(point.process, point.name)
        beginning: asyncio.Task[Any] = asyncio.create_task(kind.begin(one))
        try:
            await self._world.arms.reached(arm, _TO_THE_POINT)
        except NotReached as never:
            one.problem = str(never)
        await self.fell(cell.victim, [arm])
        await beginning
        return one

    async def fell(self, victim: str, arms: Sequence[str] = ()) -> None:
        """Kill, release whoever stands at a point, start again on the same data."""
        await self._world.kill(victim)
        for arm in arms:
            self._world.arms.release(arm)
        await self._world.restart(victim)

    def _one(self, cell: Cell) -> tuple[B, Begins[B]]:
        self._count += 1
        return self._new(cell, self._count), self._kinds[cell.saga]
