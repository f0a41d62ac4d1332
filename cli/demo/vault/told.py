"""One thing the vault did in the demo, followed to its end over the partner's own API."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient

_PAUSE = 0.3
#: Seconds anything of the vault may take, outages and waits shortened as they are.
DEADLINE = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one thing ended. `path`: the states it went through; `expected`: where it had to end."""

    partner: str
    title: str
    id: str
    path: tuple[str, ...]
    status: str
    expected: str
    seconds: float

    @property
    def as_expected(self) -> bool:
        """True when it ended where it had to."""
        return self.status == self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """A lender in the demo: its client, and the one who follows what it began."""

    partner: str
    client: DemoClient

    async def follow(
        self, title: str, where: str, expected: str, *, also: Collection[str] = ()
    ) -> Told:
        """Wait at `where` (a path of the API) for a state; `also` are ends nobody hopes for.

        Raises TimeoutError.
        """
        began = time.monotonic()
        wanted = {expected, *also}
        shown = await until(lambda: self._standing(where, wanted))
        return Told(
            partner=self.partner,
            title=title,
            id=shown["id"],
            path=await self._path(where, shown["id"]),
            status=shown["status"],
            expected=expected,
            seconds=time.monotonic() - began,
        )

    async def _standing(self, where: str, wanted: Collection[str]) -> dict[str, Any] | None:
        shown = await self.client.get(where)
        return shown if shown["status"] in wanted else None

    async def _path(self, where: str, saga_id: str) -> tuple[str, ...]:
        """The states the saga itself went through; its instructions' are left out."""
        story = await self.client.get(f"{where}/timeline")
        moves = [item for item in story["data"] if item["kind"] == "transition"]
        own = [move["to"] for move in moves if move["object"] not in {"instruction"}]
        return tuple(own)


async def until(
    look: Callable[[], Awaitable[dict[str, Any] | None]], seconds: float = DEADLINE
) -> dict[str, Any]:
    """Look again and again until there is something. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            found = await look()
            if found is not None:
                return found
            await asyncio.sleep(_PAUSE)
