"""Loans through the whole saga: approved all at once, polled, paid, booked, everybody told.

Closed form: nothing comes while they are carried out. The rate is loans by the whole time from
the first accepted to the last disbursed, so what they wait for each other counts.
"""

import asyncio
import statistics
import time
from collections.abc import Callable

from benchmarks.at_once import Carried, as_run
from benchmarks.cpu import Meter
from benchmarks.lender import PAYS, approve, lending
from benchmarks.loan_books import OurBook, compared
from benchmarks.runs import Run
from benchmarks.stand import Stand
from cli.demo.vault.told import Player

#: Seconds M-Pesa takes for a payout or a question, as it was in the pay-ins' simulator at rest.
PAYS_AFTER = 0.3
#: Loans that go first, so that nothing is done for the first time while it is measured.
_FIRST = 20
#: Seconds without any ending after which a run is given up; seconds between two looks.
_STALLED, _LOOK = 90.0, 0.5
#: Seconds without any ending after which it is polled again, as the schedule would: what waits is
#: looked at again.
_AGAIN = 15.0
#: Loans whose history is counted.
_SAMPLE = 60


async def measure(stand: Stand, bare: Run, count: int, say: Callable[[str], None]) -> Carried:
    """Pay `count` loans. The shop is open, and nothing else goes on in it."""
    async with lending(stand.stack, PAYS) as player:
        book = OurBook(stand.stack.urls.database_admin, player)
        try:
            first = await _paid(player, book, _FIRST)
            meter = Meter(stand.processes)
            loans = await _paid(player, book, count)
            spent = meter.spent()
            run = as_run([one for one in book.loans() if one.loan in loans], count)
            say(f"  loans   {run.told()}, {run.overall:.1f}/s over all")
            if len(run.samples) < count:
                say(f"  loans that did not end: {dict(book.unfinished())}")
            return Carried(
                run=run,
                cpu_ms={name: seconds * 1000 / count for name, seconds in spent.items()},
                events=await _events(stand, book),
                audit=await compared(player, book, first | loans),
                bare=bare,
            )
        finally:
            book.close()


async def _paid(player: Player, book: OurBook, count: int) -> set[int]:
    """Approve, poll, and wait until all is disbursed and told or nothing moves; the loans' ids."""
    wanted, loans = book.standing()[0] + count, set(await approve(player, count))
    await player.client.post("/v1/loans/poll")
    moved = polled = time.monotonic()
    last = (0, 0)
    while last != (wanted, 0) and time.monotonic() - moved < _STALLED:
        await asyncio.sleep(_LOOK)
        now = book.standing()
        moved, last = (moved, last) if now == last else (time.monotonic(), now)
        if time.monotonic() - max(moved, polled) > _AGAIN:
            polled = time.monotonic()
            await player.client.post("/v1/loans/poll")
    return loans


async def _events(stand: Stand, book: OurBook) -> int:
    """Median number of history events of disbursed loans."""
    ended = [one.saga for one in book.loans() if one.state == "disbursed"]
    return int(statistics.median(await stand.history_lengths(ended[-_SAMPLE:]) or [0]))
