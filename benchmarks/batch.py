"""Files of payouts: how fast one is read, and one that is paid while its worker dies ten times.

The rail is Airtel's: it proves that a payout never arrived, so what a kill leaves unknown ends
without people. Rows are counted in its own book.
"""

import asyncio
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from temporalio.client import Client

from benchmarks import batch_files
from benchmarks.batch_books import BatchBook, RowsJudged, judged, paid_by_airtel
from benchmarks.batch_files import FileRead
from benchmarks.batch_shop import fund, phones, send, shop
from benchmarks.memory import Peak
from benchmarks.stand import Stand
from cli.demo.client import DemoClient
from runtime import temporal

#: Rows of the files that are only read: their peaks are compared.
_READ = (10_000, 100_000)
KILLS = 10
#: Seconds without any payment after which a run is given up.
_STALLED = 120.0
#: Seconds between two looks, and what a row adds: a look counts them all, on the same two cores.
_LOOK, _LOOK_PER_ROW = 0.25, 5e-5
#: Between two lines of progress.
_TOLD_EVERY = 60.0
#: Payouts whose history is counted.
_SAMPLE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPaid:
    """A batch that was paid. `seconds`: accepted to the last payment; `runs`, `history_events`:
    runs of the batch's workflow, and events of the longest; `payout_events`: median; `memory`: the
    most each worker held, one after each kill."""

    rows: int
    state: str
    kills: int
    seconds: float
    runs: int
    history_events: int
    payout_events: int
    memory: Sequence[float]
    audit: RowsJudged

    @property
    def per_second(self) -> float:
        """Rows a second, restarts and what the kills left unknown included."""
        return self.rows / self.seconds if self.seconds else 0.0


async def measure(stand: Stand, rows: int, say: Callable[[str], None]) -> dict[str, Any]:
    """Read two files, then pay one of `rows`. The shop is open, and nothing else goes on in it."""
    files = await batch_files.read(stand, _READ)
    for one in files:
        say(f"  batch   {one}")
    paid = await _paid(stand, rows, say)
    say(f"  batch   {paid}")
    return kept(files, paid)


def kept(files: Sequence[FileRead], paid: BatchPaid) -> dict[str, Any]:
    """As the results keep it."""
    small, large = files[0], files[-1]
    told = {name: value for name, value in asdict(paid).items() if name != "audit"}
    return {
        "files": [_rounded({**asdict(one), "per_second": one.per_second}) for one in files],
        "memory_growth_mib": {
            "worker": round(large.worker_mib - small.worker_mib, 1),
            "api": round(large.api_mib - small.api_mib, 1),
        },
        "paid": _rounded({**told, "per_second": paid.per_second}),
        "lost": paid.audit.lost,
        "doubled": paid.audit.doubled,
    }


async def _paid(stand: Stand, count: int, say: Callable[[str], None]) -> BatchPaid:
    merchant, second = shop(stand.stack.urls)
    numbers = phones(count, 1)
    async with merchant, second:
        await fund(merchant, count)
        book = BatchBook(stand.stack.urls.database_admin, await send(merchant, numbers))
        try:
            memory = await _killed_on_the_way(stand, _Watch(book, count, say))
            return await _told(stand, merchant, book, numbers, memory)
        finally:
            book.close()


async def _killed_on_the_way(stand: Stand, watch: "_Watch") -> list[float]:
    """Kill the worker each time another eleventh is paid; the most each of them held, in MiB."""
    memory: list[float] = []
    for number in range(1, KILLS + 2):
        goal = number * watch.count // (KILLS + 1) if number <= KILLS else watch.count + 1
        with Peak(stand.processes["worker"]) as peak:
            moved = await watch.moving(goal)
        memory.append(round(peak.mib, 1))
        if not moved:
            break
        await asyncio.to_thread(stand.stack.kill, "worker")
        watch.say(f"  batch   worker killed at {peak.mib:.0f} MiB, {watch.paid} paid")
        await asyncio.to_thread(stand.stack.restart, "worker")
    return memory


class _Watch:
    """Counts what is paid, and says so now and then."""

    def __init__(self, book: BatchBook, count: int, say: Callable[[str], None]) -> None:
        self.count, self.say, self.paid = count, say, 0
        self._book, self._began = book, time.monotonic()
        self._said = self._began

    async def moving(self, wanted: int) -> bool:
        """Wait until so many are paid; False when the batch ended before, or nothing moves."""
        moved = time.monotonic()
        while time.monotonic() - moved < _STALLED:
            now = self._book.paid()
            if now >= wanted:
                self.paid = now
                return True
            if self._book.state() in {"completed", "completed_with_errors", "invalid", "canceled"}:
                return False
            moved = moved if now == self.paid else time.monotonic()
            self.paid = now
            self._tell()
            await asyncio.sleep(_LOOK + _LOOK_PER_ROW * self.count)
        return False

    def _tell(self) -> None:
        now = time.monotonic()
        if now - self._said >= _TOLD_EVERY:
            self._said = now
            self.say(f"  batch   {self.paid} of {self.count} paid after {now - self._began:.0f} s")


async def _told(
    stand: Stand,
    merchant: DemoClient,
    book: BatchBook,
    numbers: Sequence[str],
    memory: Sequence[float],
) -> BatchPaid:
    lengths = await _runs(await temporal.connect(stand.stack.settings()), book.name)
    payouts = await stand.history_lengths(book.some_paid(_SAMPLE))
    times = await paid_by_airtel(merchant)
    return BatchPaid(
        rows=len(numbers),
        state=book.state(),
        kills=len(memory) - 1,
        seconds=book.lasted(),
        runs=len(lengths),
        history_events=max(lengths, default=0),
        payout_events=int(statistics.median(payouts or [0])),
        memory=memory,
        audit=judged(numbers, book.rows().get("paid", 0), times),
    )


async def _runs(client: Client, batch: str) -> list[int]:
    """Events of each run of the batch's workflow."""
    query = f"WorkflowId = '{batch}'"
    return [run.history_length async for run in client.list_workflows(query)]


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in values.items()
    }
