"""Drives one cell: a checkout is stopped at its point, the victim dies there and comes back."""

import asyncio
from collections.abc import Sequence

from cli.sweep import outages
from cli.sweep.arms import NotReached
from cli.sweep.cells import Cell
from cli.sweep.driven import Asked, Driven
from cli.sweep.world import SIMULATORS, World
from simulators.faults import named

#: Seconds a checkout may take to come by an armed point.
_TO_THE_POINT = 30.0
#: Seven digits follow: a phone of its own per checkout, and none of the magic numbers.
_PREFIX = {"mpesa": "25471", "momo": "23765"}
_MAGIC = {"mpesa": "2547000000", "momo": "2376700000"}


class Driver:
    """Numbers the checkouts of one sweep and runs them."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def spoil(self, cell: Cell) -> Driven:
        """Start a checkout with a payer whose provider misbehaves."""
        driven = self._driven(cell)
        if cell.silent:
            order = {"fault": "no_callback", "operation": "callback"}
            await self._world.control(f"{SIMULATORS[cell.provider]}/faults", order)
        await self._ask(driven, "/v1/checkouts", driven.order(confirm=True), "create")
        return driven

    async def kill(self, cell: Cell) -> Driven:
        """Stop a checkout at the cell's point, kill the victim, let it rise again."""
        driven = self._driven(cell)
        arms = await self._begin(driven)
        if cell.point and cell.point.waits:
            await outages.begin(self._world, cell.provider)
        asking = asyncio.create_task(self._confirm(driven))
        try:
            await self._to_the_point(driven, arms, asking)
        except NotReached as never:
            driven.problem = str(never)
        await self.fell(cell.victim, arms)
        await asking
        return driven

    async def fell(self, victim: str, arms: Sequence[str] = ()) -> None:
        """Kill, release whoever stands at a point, start again on the same data."""
        await self._world.kill(victim)
        for arm in arms:
            self._world.arms.release(arm)
        await self._world.restart(victim)

    def _driven(self, cell: Cell) -> Driven:
        count = len(self._world.driven) + 1
        reference = f"sweep-{count:04d}"
        if cell.fault == "paid" and cell.point:
            phone = f"{_PREFIX[cell.provider]}{count:07d}"
        else:
            phone = _MAGIC[cell.provider] + named(cell.fault).suffix
        driven = Driven(cell=cell, reference=reference, phone=phone)
        self._world.driven.append(driven)
        return driven

    async def _begin(self, driven: Driven) -> list[str]:
        """Arm what can be armed by now; points of acceptance take whoever comes first."""
        point, arm = driven.cell.point, self._world.arms.arm
        if point is None:
            raise ValueError(f"{driven.cell.name} has no point")
        if not point.about:
            return [arm(point.process, point.name)]
        await self._ask(driven, "/v1/checkouts", driven.order(confirm=False), "create")
        held = [arm("api", "start.before", driven.checkout_id)] if point.relayed else []
        if point.about == "checkout":
            held.append(arm(point.process, point.name, driven.checkout_id))
        return held

    async def _confirm(self, driven: Driven) -> None:
        if driven.checkout_id:
            path = f"/v1/checkouts/{driven.checkout_id}/confirm"
            await self._ask(driven, path, driven.method(), "confirm")
        else:
            await self._ask(driven, "/v1/checkouts", driven.order(confirm=True), "create")

    async def _to_the_point(
        self, driven: Driven, arms: list[str], asking: "asyncio.Task[None]"
    ) -> None:
        point = driven.cell.point
        if point and point.about == "attempt":
            await asking
            arms.append(self._world.arms.arm(point.process, point.name, driven.attempt_id))
        if point and point.waits:
            await asking
            await outages.end(self._world, driven.cell.provider)
        await self._world.arms.reached(arms[-1], _TO_THE_POINT)

    async def _ask(self, driven: Driven, path: str, body: dict[str, object], step: str) -> None:
        key = f"{driven.reference}-{step}"
        answer = await self._world.shop.post(path, body, key)
        driven.learn(Asked(path=path, body=body, key=key, answer=answer))
