"""Follows what was driven until every invariant holds for it, or its time is up."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

import httpx
import psycopg
from temporalio.service import RPCError

from cli.sweep.cells import Cell
from cli.sweep.endings import allowed
from cli.sweep.invariants import Violation
from cli.sweep.outcomes import REVIEW
from cli.sweep.world import LATE_SECONDS

#: Seconds a checkout may take after its trouble is over.
DEADLINE = 75.0
_PAUSE = 0.25
#: Something is down just now: looked at again.
AWAY = (psycopg.OperationalError, httpx.HTTPError, RPCError, OSError)


class Tried(Protocol):
    """Whatever a cell has set going. `subject`: the public id violations name it by."""

    @property
    def cell(self) -> Cell: ...

    @property
    def subject(self) -> str: ...

    @property
    def problem(self) -> str: ...

    @property
    def began(self) -> float: ...

    status: str
    seconds: float


D = TypeVar("D", bound=Tried)
D_contra = TypeVar("D_contra", bound=Tried, contravariant=True)


class Judge(Protocol[D_contra]):
    """Knows what must hold of one kind of thing. Raises what is in AWAY while something is down."""

    async def look(self, driven: Sequence[D_contra]) -> Sequence[Violation]:
        """What is broken of these now; remembers where each stands."""
        ...

    async def once(self, driven: D_contra) -> Sequence[Violation]:
        """What is asked once, when nothing is broken."""
        ...

    async def at_the_end(self, driven: Sequence[D_contra]) -> Sequence[Violation]:
        """Everything once more and together."""
        ...


class Watch(Generic[D]):
    """Holds what is not settled yet. `told` hears the verdict on each, once."""

    def __init__(
        self,
        judge: Judge[D],
        told: Callable[[Tried, Sequence[Violation]], None],
        patience: float = DEADLINE,
    ) -> None:
        self._judge = judge
        self._told = told
        self._patience = patience
        self._open: list[tuple[D, float]] = []
        self.settled: list[D] = []

    def add(self, driven: D) -> None:
        """Follow one; its time starts now."""
        self._open.append((driven, time.monotonic() + self._patience))

    async def run(self) -> None:
        """Look again and again; cancelled by its owner."""
        while True:
            await asyncio.sleep(_PAUSE)
            try:
                await self._look()
            except AWAY:
                continue

    async def room(self, at_most: int) -> None:
        """Wait until no more than so many are open."""
        while len(self._open) > at_most:  # noqa: ASYNC110 - `run` takes them out
            await asyncio.sleep(_PAUSE)

    async def last_look(self, seconds: float) -> Sequence[Violation]:
        """Everything once more and together, when the late has come too."""
        await asyncio.sleep(LATE_SECONDS + 1)
        deadline = time.monotonic() + seconds
        while True:
            await asyncio.sleep(_PAUSE)
            try:
                found = await self._judge.at_the_end(self.settled)
            except AWAY:
                continue
            if not found or time.monotonic() > deadline:
                return found

    async def _look(self) -> None:
        waiting = list(self._open)
        if not waiting:
            return
        found = await self._judge.look([driven for driven, _ in waiting])
        for driven, deadline in waiting:
            broken = [one for one in found if one.payment in {driven.subject, ""}]
            if (broken or _may_yet_end(driven)) and time.monotonic() < deadline:
                continue
            if not broken:
                broken = list(await self._judge.once(driven))
            self._open.remove((driven, deadline))
            self.settled.append(driven)
            driven.seconds = time.monotonic() - driven.began
            self._told(driven, broken)


def _may_yet_end(driven: Tried) -> bool:
    """In review, where that is no ending: it goes on asking, and a slow machine is only late."""
    return driven.status == REVIEW and REVIEW not in allowed(driven.cell)
