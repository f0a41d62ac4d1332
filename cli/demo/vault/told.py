"""One thing the vault did in the demo, followed to its end over the partner's own API."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient
from cli.demo.vault.lenders import Lender

_PAUSE = 0.4
#: Seconds anything of the vault may take, outages and waits shortened as they are.
DEADLINE = 240.0


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
class Player:
    """A lender that plays: its client, its organisation's id, its authorised user's id."""

    lender: Lender
    client: DemoClient
    org: str
    approver: str

    async def follow(self, title: str, where: str, expected: str) -> Told:
        """Wait at `where`, a path of the API, until it stands as expected.

        What stands elsewhere when the time is up is told as it stands.
        """
        began = time.monotonic()
        try:
            shown = await until(lambda: self._standing(where, expected))
        except TimeoutError:
            shown = await self.client.get(where)
        return Told(
            partner=self.lender.name,
            title=title,
            id=shown["id"],
            path=await self._path(where),
            status=shown["status"],
            expected=expected,
            seconds=time.monotonic() - began,
        )

    async def _standing(self, where: str, expected: str) -> dict[str, Any] | None:
        shown = await self.client.get(where)
        return shown if shown["status"] == expected else None

    async def _path(self, where: str) -> tuple[str, ...]:
        """The states the saga itself went through; what came round again stands once."""
        path: list[str] = []
        for item in (await self.client.get(f"{where}/timeline"))["data"]:
            if item["kind"] == "transition" and item["object"] == "saga":
                path.append(item["to"])
                if path[-2:] == path[-4:-2]:
                    del path[-2:]
        return tuple(path)


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
