"""The house's own money in the demo: capital comes to the bank, and a part of it moves on.

One treasurer asks, another allows; the bank is told once, and its statements show the rest.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient, Keys
from cli.demo.proof import Finding
from cli.demo.vault import bank
from cli.demo.vault.bank import POOL
from cli.demo.vault.told import until
from cli.seed import mint_key
from cli.stack.stack import Stack
from models.ids import PLATFORM_ORG

Say = Callable[[str], None]
#: Another account of ours at the same bank, and cents. The capital covers the payouts by bank.
_OTHER, _CAPITAL, _MOVED = "7744510888", 120_000_000, 2_000_000
_DEADLINE = 120.0
_MOVES = "/v1/treasury/moves"
_AT_POOL = {"kind": "bank", "bank": "ncba", "account": POOL}


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedMoney:
    """What became of it. `by_whoever_asked`: how the maker's own approval was answered.

    `at_the_bank`: what its book has on the other account.
    """

    move: dict[str, Any]
    by_whoever_asked: int
    at_the_bank: int
    seconds: float

    @property
    def finding(self) -> Finding:
        """The story in one line."""
        whole = self.move["status"] == "arrived" and self.at_the_bank == _MOVED
        return Finding(
            name="clearing move: allowed by another, sent once, seen at the other end",
            holds=whole and self.by_whoever_asked == 403,
            detail=(
                f"{self.move['from']} to {self.move['to']} is {self.move['status']}, "
                f"{self.at_the_bank} cents there, asked by {self.move['asked_by']}, allowed by "
                f"{self.move['approved_by']}, {self.seconds:.0f} s"
            ),
        )


async def play(stack: Stack, say: Say) -> MovedMoney:
    """Raises TimeoutError when the story does not end."""
    say("the house puts capital on its bank account, and moves a part of it on")
    began = time.monotonic()
    async with AsyncExitStack() as open_, asyncio.timeout(_DEADLINE):
        mara = await open_.enter_async_context(_treasurer(stack, "mara"))
        tess = await open_.enter_async_context(_treasurer(stack, "tess"))
        await bank.register(mara, stack.urls.api, stack.settings().callback_secret)
        await mara.control("ncba/accounts", {"account": _OTHER, "balance_minor": 0})
        await _capital(mara, tess)
        there = {**_AT_POOL, "account": _OTHER}
        asked = await _asked(mara, _AT_POOL, there, _MOVED, to_account=_OTHER)
        own = await mara.status("POST", f"{_MOVES}/{asked['id']}/approve", {"reason": "mine"})
        await tess.post(f"{_MOVES}/{asked['id']}/approve", {"reason": "as agreed"})
        move = await _stands(mara, asked["id"], "arrived")
        lines = (await mara.control("ncba/book"))["lines"]
    return MovedMoney(
        move=move,
        by_whoever_asked=own,
        at_the_bank=sum(line["minor"] for line in lines if line["account"] == _OTHER),
        seconds=time.monotonic() - began,
    )


async def _capital(mara: DemoClient, tess: DemoClient) -> None:
    """The owners pay in under the move's reference; the bank tells us, and it has arrived."""
    asked = await _asked(mara, {"kind": "capital"}, _AT_POOL, _CAPITAL)
    await tess.post(f"{_MOVES}/{asked['id']}/approve", {"reason": "the owners agreed"})
    await _stands(mara, asked["id"], "sent")
    credit = {"account": POOL, "amount_minor": _CAPITAL, "narrative": asked["reference"]}
    await mara.control("ncba/credit", {**credit, "form": "xml"})
    await _stands(mara, asked["id"], "arrived")


async def _asked(
    client: DemoClient, origin: Any, destination: Any, amount: int, **more: str
) -> dict[str, Any]:
    ends = {"origin": origin, "destination": destination}
    money = {"amount": amount, "currency": "KES", "reason": "the demo"}
    return await client.post(_MOVES, {**ends, **money, **more})


async def _stands(client: DemoClient, move: str, status: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        shown = await client.get(f"{_MOVES}/{move}")
        return shown if shown["status"] == status else None

    return await until(look)


def _treasurer(stack: Stack, person: str) -> DemoClient:
    key = mint_key(stack.urls.database, PLATFORM_ORG, principal=person, scopes=("treasury",))
    keys = Keys(merchant=key, operator="", approver="")
    return DemoClient(stack.urls.api, stack.urls.simulators, keys)
