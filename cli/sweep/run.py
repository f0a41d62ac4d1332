"""The sweep from start to end: stack, cells, last look, verdict."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cli.sweep.cells import Cell
from cli.sweep.drive import Driver
from cli.sweep.driven import Driven
from cli.sweep.endings import allowed
from cli.sweep.invariants import Violation
from cli.sweep.watch import DEADLINE, Watch
from cli.sweep.world import World, build, enrol

Say = Callable[[str], None]
#: Checkouts that may still be settling while the next cell is driven.
_OVERLAP = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one cell ended."""

    cell: Cell
    status: str
    seconds: float
    violations: Sequence[Violation]


@dataclass(slots=True, kw_only=True)
class Result:
    """Every verdict, and what the last look over everything found."""

    seed: int
    verdicts: list[Verdict] = field(default_factory=list)
    at_the_end: list[Violation] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def violations(self) -> int:
        """How many violations there are."""
        return len(self.at_the_end) + sum(len(one.violations) for one in self.verdicts)


def sweep(
    state: Path, cells: Sequence[Cell], *, seed: int, say: Say, patience: float = DEADLINE
) -> Result:
    """Run the cells in a stack of their own, in an order drawn from the seed.

    `patience`: seconds a checkout may take to come right after its trouble.
    """
    began = time.monotonic()
    stack, arms = build(state, say)
    try:
        world = World(stack, arms, enrol(stack))
        result = Result(seed=seed)
        asyncio.run(_Run(world, result, say, patience).all(cells))
    finally:
        stack.stop()
    result.seconds = time.monotonic() - began
    return result


class _Run:
    def __init__(self, world: World, result: Result, say: Say, patience: float) -> None:
        self._world, self._result, self._say = world, result, say
        self._driver = Driver(world)
        self._watch = Watch(world, self._told, patience)
        self._patience = patience
        self._total = 0

    async def all(self, cells: Sequence[Cell]) -> None:
        """The faults all at once, then the kills one after another while earlier ones settle."""
        self._total = len(cells)
        await self._world.open()
        try:
            async with asyncio.TaskGroup() as together:
                watching = together.create_task(self._watch.run())
                await self._each(cells)
                await self._watch.room(0)
                watching.cancel()
            self._say("looking at everything once more")
            self._result.at_the_end = await self._watch.last_look(self._patience)
        finally:
            await self._world.aclose()

    async def _each(self, cells: Sequence[Cell]) -> None:
        dice = random.Random(self._result.seed)  # noqa: S311 - a repeatable order
        calm = [cell for cell in cells if not cell.kills]
        storm = [cell for cell in cells if cell.kills]
        calm = sorted(dice.sample(calm, len(calm)), key=lambda cell: cell.silent)
        await self._in_order(calm, dice)
        await self._watch.room(0)
        await self._in_order(dice.sample(storm, len(storm)), dice)

    async def _in_order(self, cells: Sequence[Cell], dice: random.Random) -> None:
        for cell in cells:
            await self._watch.room(0 if cell.silent else _OVERLAP)
            if cell.point:
                self._watch.add(await self._driver.kill(cell))
                continue
            self._watch.add(await self._driver.spoil(cell))
            if cell.silent:  # the silence is ordered for whoever comes next: nobody else may
                await self._watch.room(0)
            if cell.victim:
                await asyncio.sleep(dice.random())
                await self._driver.fell(cell.victim)

    def _told(self, driven: Driven, broken: Sequence[Violation]) -> None:
        found = [*broken, *_beside(driven)]
        verdict = Verdict(
            cell=driven.cell, status=driven.status, seconds=driven.seconds, violations=found
        )
        self._result.verdicts.append(verdict)
        done = len(self._result.verdicts)
        mark = "ok" if not found else "VIOLATED"
        name = f"{driven.cell.name:<52}"
        self._say(
            f"cell {done:>3}/{self._total} {name} {driven.status:<14} {mark} {driven.seconds:.1f} s"
        )
        for one in found:
            self._say(f"    {one.invariant} {one.payment} {one.says}")


def _beside(driven: Driven) -> list[Violation]:
    """What no invariant says: the point was not reached, or another ending was due."""
    found = []
    if driven.problem:
        found.append(Violation(invariant="point", payment=driven.payment_id, says=driven.problem))
    if driven.status not in allowed(driven.cell):
        says = f"ended as {driven.status}, not {' or '.join(sorted(allowed(driven.cell)))}"
        found.append(Violation(invariant="ending", payment=driven.payment_id, says=says))
    return found
