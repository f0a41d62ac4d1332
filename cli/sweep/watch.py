"""Follows what was driven until every invariant holds for it, or its time is up."""

import asyncio
import time
from collections.abc import Callable, Sequence

import httpx
import psycopg
from temporalio.service import RPCError

from cli.sweep import invariants
from cli.sweep.driven import Driven
from cli.sweep.facts import Facts, gather
from cli.sweep.invariants import Violation
from cli.sweep.shop import Refused
from cli.sweep.world import LATE_SECONDS, World
from ledger.checks import check
from models.ids import PAYMENT, shown

#: Seconds a checkout may take after its trouble is over.
DEADLINE = 75.0
_PAUSE = 0.25
#: Something is down just now: looked at again.
AWAY = (psycopg.OperationalError, httpx.HTTPError, RPCError, OSError)

Told = Callable[[Driven, Sequence[Violation]], None]


class Watch:
    """Holds what is not settled yet. `told` hears the verdict on each, once."""

    def __init__(self, world: World, told: Told, patience: float = DEADLINE) -> None:
        self._world = world
        self._told = told
        self._patience = patience
        self._open: list[tuple[Driven, float]] = []
        self.settled: list[Driven] = []

    def add(self, driven: Driven) -> None:
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

    async def last_look(self, seconds: float) -> list[Violation]:
        """Everything once more and together, when the late has come too."""
        await asyncio.sleep(LATE_SECONDS + 1)
        deadline = time.monotonic() + seconds
        while True:
            await asyncio.sleep(_PAUSE)
            try:
                facts = await gather(self._world, self.settled)
                found = invariants.audit(facts) + invariants.strangers(facts)
                found += await ledger_violations(self._world)
            except AWAY:
                continue
            if not found or time.monotonic() > deadline:
                return found

    async def _look(self) -> None:
        waiting = list(self._open)
        if not waiting:
            return
        facts = await gather(self._world, [driven for driven, _ in waiting])
        found = invariants.audit(facts)
        for driven, deadline in waiting:
            await self._move(driven, facts)
            broken = [one for one in found if one.payment in {driven.payment_id, ""}]
            if broken and time.monotonic() < deadline:
                continue
            if not broken:
                broken = await self._once_settled(driven)
            self._open.remove((driven, deadline))
            self.settled.append(driven)
            driven.seconds = time.monotonic() - driven.began
            self._told(driven, broken)

    async def _move(self, driven: Driven, facts: Facts) -> None:
        """Remember where it stands; a payer whose attempt failed goes away."""
        row = next(row for row in facts.payments if shown(PAYMENT, row["id"]) == driven.payment_id)
        driven.status = "needs_review" if row["needs_review"] else row["status"]
        if row["status"] == "requires_payment_method" and not driven.cancels:
            driven.cancels = True
            path = f"/v1/checkouts/{driven.checkout_id}/cancel"
            await self._world.shop.post(path, {}, f"cancel-{driven.reference}")

    async def _once_settled(self, driven: Driven) -> list[Violation]:
        """What is asked once per checkout: the ledger as a whole, and the same key again."""
        return [*await ledger_violations(self._world), *await repeated(self._world, driven)]


async def repeated(world: World, driven: Driven) -> list[Violation]:
    """I9: the same key gets the same bytes."""
    found = []
    for asked in driven.asked:
        try:
            answer = await world.shop.post(asked.path, asked.body, asked.key)
        except Refused as refused:
            answer = str(refused).encode()
        if answer != asked.answer:
            says = f"{asked.path} repeated answers {answer[:120]!r}"
            found.append(Violation(invariant="I9", payment=driven.payment_id, says=says))
    return found


async def ledger_violations(world: World) -> list[Violation]:
    """I1 to I3, I8 and I12 to I14, over the whole ledger."""
    async with world.reading() as connection:
        checks = await check(connection)
    return [
        Violation(invariant=one.name, payment="", says=f"{one.violations} times, first {one.first}")
        for one in checks
        if one.violations
    ]
