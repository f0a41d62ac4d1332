"""The sweep from start to end: stack, cells, last look, verdict."""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from cli.sweep.batch.driver import batched_by
from cli.sweep.batch.judging import Batching
from cli.sweep.cells import BATCH, CLEARING, ESCROW, PAYOUT, REFUND, Cell
from cli.sweep.clearing.driven import moved_by, moving
from cli.sweep.clearing.judging import Clearing
from cli.sweep.desk.driver import filed_by
from cli.sweep.desk.judging import Desk
from cli.sweep.drive import Driver
from cli.sweep.endings import allowed
from cli.sweep.escrow.driver import kept_by
from cli.sweep.escrow.judging import Keeping
from cli.sweep.invariants import Violation
from cli.sweep.judging import Checkouts
from cli.sweep.payouts.driven import filled, paid_by
from cli.sweep.payouts.judging import PaidOut
from cli.sweep.refunds.driver import given_back_by
from cli.sweep.refunds.judging import Returning
from cli.sweep.vault.driver import lent_by
from cli.sweep.vault.judging import Lending
from cli.sweep.vault.lender import lending
from cli.sweep.watch import DEADLINE, D, Tried, Watch
from cli.sweep.world import World, build, enrol

Say = Callable[[str], None]
#: Checkouts that may still be settling while the next cell is driven.
_OVERLAP = 12
#: Lenders' sagas wait this much longer before they believe that nothing was received.
_LENDERS_TAKE = 3


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


D_co = TypeVar("D_co", bound=Tried, covariant=True)


class Drives(Protocol[D_co]):
    """Sets cells of one kind going."""

    async def spoil(self, cell: Cell) -> D_co:
        """Begin it where something outside misbehaves."""
        ...

    async def kill(self, cell: Cell) -> D_co:
        """Stop it at its point, kill the victim, let it rise again."""
        ...

    async def fell(self, victim: str, arms: Sequence[str] = ()) -> None:
        """Kill, release whoever stands at a point, start again on the same data."""
        ...


class _Run:
    def __init__(self, world: World, result: Result, say: Say, patience: float) -> None:
        self._world, self._result, self._say = world, result, say
        self._patience = patience
        self._total = 0

    async def all(self, cells: Sequence[Cell]) -> None:
        """Checkouts first, then money out, then what lenders do, then what lies on desks."""
        self._total = len(cells)
        await self._world.open()
        try:
            first = [cell for cell in cells if not (cell.vault or cell.desk or cell.money_out)]
            if first:
                watch = Watch(Checkouts(self._world), self._told, self._patience)
                await _Side(Driver(self._world), watch).all(first, self._result.seed)
                await self._look_again(watch)
            await self._money_out(cells)
            if any(cell.vault or cell.desk for cell in cells):
                await self._with_a_lender(cells)
            if moves := [cell for cell in cells if cell.saga == CLEARING]:
                await self._moves(moves)
        finally:
            await self._world.aclose()

    async def _money_out(self, cells: Sequence[Cell]) -> None:
        """Each kind with a driver and a judge of its own."""
        if batches := [cell for cell in cells if cell.saga == BATCH]:
            files = Watch(Batching(self._world), self._told, self._patience * _LENDERS_TAKE)
            await _Side(batched_by(self._world), files).all(batches, self._result.seed)
            await self._look_again(files)
        if escrows := [cell for cell in cells if cell.saga == ESCROW]:
            keeping = Watch(Keeping(self._world), self._told, self._patience)
            await _Side(kept_by(self._world), keeping).all(escrows, self._result.seed)
            await self._look_again(keeping)
        if refunds := [cell for cell in cells if cell.saga == REFUND]:
            returning = Watch(Returning(self._world), self._told, self._patience)
            await _Side(given_back_by(self._world), returning).all(refunds, self._result.seed)
            await self._look_again(returning)
        if payouts := [cell for cell in cells if cell.saga == PAYOUT]:
            await filled(self._world)
            paid = Watch(PaidOut(self._world), self._told, self._patience)
            await _Side(paid_by(self._world), paid).all(payouts, self._result.seed)
            await self._look_again(paid)

    async def _moves(self, cells: Sequence[Cell]) -> None:
        moves = await moving(self._world)
        try:
            watch = Watch(Clearing(self._world, moves), self._told, self._patience * _LENDERS_TAKE)
            await _Side(moved_by(self._world, moves), watch).all(cells, self._result.seed)
            await self._look_again(watch)
        finally:
            await moves.aclose()

    async def _with_a_lender(self, cells: Sequence[Cell]) -> None:
        async with lending(self._world) as lender:
            patience = self._patience * _LENDERS_TAKE
            if lent := [cell for cell in cells if cell.vault]:
                watch = Watch(Lending(self._world, lender), self._told, patience)
                await _Side(lent_by(self._world, lender), watch).all(lent, self._result.seed)
                await self._look_again(watch)
            if filed := [cell for cell in cells if cell.desk]:
                desk = Watch(Desk(self._world, lender), self._told, patience)
                driver = filed_by(self._world, lender, filed)
                await _Side(driver, desk).all(filed, self._result.seed)
                await self._look_again(desk)

    async def _look_again(self, watch: Watch[D]) -> None:
        self._say("looking at everything once more")
        self._result.at_the_end += await watch.last_look(self._patience)

    def _told(self, driven: Tried, broken: Sequence[Violation]) -> None:
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


class _Side(Generic[D]):
    """The cells of one kind: who drives them, and who watches."""

    def __init__(self, driver: Drives[D], watch: Watch[D]) -> None:
        self._driver, self._watch = driver, watch

    async def all(self, cells: Sequence[Cell], seed: int) -> None:
        """The faults all at once, then the kills one after another while earlier ones settle."""
        async with asyncio.TaskGroup() as together:
            watching = together.create_task(self._watch.run())
            await self._each(cells, random.Random(seed))  # noqa: S311 - a repeatable order
            await self._watch.room(0)
            watching.cancel()

    async def _each(self, cells: Sequence[Cell], dice: random.Random) -> None:
        calm = [cell for cell in cells if not cell.kills]
        storm = [cell for cell in cells if cell.kills]
        calm = sorted(dice.sample(calm, len(calm)), key=lambda cell: cell.silent)
        await self._in_order(calm, dice)
        await self._watch.room(0)
        await self._in_order(dice.sample(storm, len(storm)), dice)

    async def _in_order(self, cells: Sequence[Cell], dice: random.Random) -> None:
        for cell in cells:
            await self._watch.room(0 if cell.alone else _OVERLAP)
            if cell.point:
                self._watch.add(await self._driver.kill(cell))
                continue
            self._watch.add(await self._driver.spoil(cell))
            if cell.silent:  # the silence is ordered for whoever comes next: nobody else may
                await self._watch.room(0)
            if cell.victim:
                await asyncio.sleep(dice.random())
                await self._driver.fell(cell.victim)


def _beside(driven: Tried) -> list[Violation]:
    """What no invariant says: the point was not reached, or another ending was due."""
    found = []
    if driven.problem:
        found.append(Violation(invariant="point", payment=driven.subject, says=driven.problem))
    if driven.status not in allowed(driven.cell):
        says = f"ended as {driven.status}, not {' or '.join(sorted(allowed(driven.cell)))}"
        found.append(Violation(invariant="ending", payment=driven.subject, says=says))
    return found
