"""Payouts through the whole saga: asked for all at once, held, sent by Airtel, booked.

Airtel answers the call itself, so nothing waits for a callback. The rate is payouts by the whole
time from the first accepted to the last paid: accepting them is part of it.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from benchmarks.at_once import Carried, as_run
from benchmarks.cpu import Meter
from benchmarks.payout_books import PayoutBook, audit
from benchmarks.runs import Run
from benchmarks.stand import Stand
from cli.demo.client import DemoClient, Keys
from cli.seed import seed_merchant
from models.ids import uuid7

#: Payouts that go first, so that nothing is done for the first time while it is measured.
_FIRST = 20
#: Requests under way at once.
_AT_ONCE = 16
#: Seconds without any ending after which a run is given up (what is queued looks again after 60);
#: seconds between two looks.
_STALLED, _LOOK = 90.0, 0.5
#: Payouts whose history is counted.
_SAMPLE = 60
#: UGX: what fills the payable before, by one pay-in of this payer, and each payout.
_FUNDS, _AMOUNT, _PAYER = 2_000_000, 1_000, "+256752777777"
#: Numbers no simulator reads a fault from (docs/simulators.md), each paid once.
_PAYEES = "256705{n:06d}"


async def measure(stand: Stand, bare: Run, count: int, say: Callable[[str], None]) -> Carried:
    """Pay `count` payouts. The shop is open, and nothing else goes on in it."""
    async with _paying(stand) as (client, book):
        others = {reference for reference, _ in await _theirs(client)}
        first = await _paid(client, book, range(1, _FIRST + 1))
        meter = Meter(stand.processes)
        sent = await _paid(client, book, range(_FIRST + 1, _FIRST + count + 1))
        spent = meter.spent()
        ours = book.payouts()
        run = as_run([one for one in ours if one.saga in sent], count)
        say(f"  payouts {run.told()}, {run.overall:.1f}/s over all")
        if len(run.samples) < count:
            say(f"  payouts that did not end: {book.unfinished()}")
        theirs = [one for one in await _theirs(client) if one[0] not in others]
        lengths = await stand.history_lengths(list(sent)[-_SAMPLE:])
        return Carried(
            run=run,
            cpu_ms={name: seconds * 1000 / count for name, seconds in spent.items()},
            events=int(statistics.median(lengths)),
            audit=audit(first | sent, ours, theirs),
            bare=bare,
        )


@asynccontextmanager
async def _paying(stand: Stand) -> AsyncIterator[tuple[DemoClient, PayoutBook]]:
    """A new merchant with enough to pay out."""
    urls = stand.stack.urls
    org, key = seed_merchant(urls.database, "Benchmark payer")
    book = PayoutBook(urls.database_admin, org)
    try:
        async with DemoClient(
            urls.api, urls.simulators, Keys(merchant=key, operator="", approver="")
        ) as client:
            await _funded(client)
            yield client, book
    finally:
        book.close()


async def _funded(client: DemoClient) -> None:
    confirm = {"method": "airtel", "payer": {"phone": _PAYER}}
    session = {"amount": _FUNDS, "currency": "UGX", "reference": f"funds-{uuid7().hex}"}
    opened = await client.post("/v1/checkouts?wait=20", {**session, "confirm": confirm})
    async with asyncio.timeout(_STALLED):
        while opened["payment"]["status"] != "succeeded":
            await asyncio.sleep(_LOOK)
            opened = await client.get(f"/v1/checkouts/{opened['id']}")


async def _paid(client: DemoClient, book: PayoutBook, numbers: range) -> dict[str, str]:
    """Ask for one to each number, wait until all are paid and told or nothing moves.

    Answers payees by payout.
    """
    wanted, room = book.standing()[0] + len(numbers), asyncio.Semaphore(_AT_ONCE)

    async def ask(number: int) -> tuple[str, str]:
        payee = _PAYEES.format(n=number)
        async with room:
            return str((await client.post("/v1/payouts", _order(payee)))["id"]), payee

    sent = dict(await asyncio.gather(*map(ask, numbers)))
    moved, last = time.monotonic(), (-1, -1)
    while last != (wanted, 0) and time.monotonic() - moved < _STALLED:
        await asyncio.sleep(_LOOK)
        now = book.standing()
        moved, last = (moved, last) if now == last else (time.monotonic(), now)
    return sent


def _order(payee: str) -> dict[str, Any]:
    return {
        "amount": _AMOUNT,
        "currency": "UGX",
        "method": "airtel",
        "payee": {"phone": f"+{payee}"},
        "purpose": "Benchmark",
        "reference": f"bench-{payee}",
    }


async def _theirs(client: DemoClient) -> list[tuple[str, str]]:
    """Reference and payee of everything Airtel paid out."""
    payouts = (await client.control("airtel/book"))["payouts"]
    return [(one["reference"], one["payee"]) for one in payouts if one["outcome"] == "paid"]
