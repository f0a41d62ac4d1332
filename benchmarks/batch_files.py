"""How fast a file becomes rows, and how much memory that takes: nothing of it is paid.

The merchant has a limit that needs a second person. The batch stops before it, and is canceled.
"""

import asyncio
import time
from dataclasses import dataclass

from benchmarks.batch_books import BatchBook
from benchmarks.batch_shop import file_of, phones, send, shop
from benchmarks.memory import Peak
from benchmarks.stand import Stand
from cli.demo.client import DemoClient

_LOOK, _DEADLINE = 0.2, 300.0
_NEEDS_SECOND = {"limits": [{"provider": "*", "currency": "UGX", "approval_above": 1}]}
#: Where the numbers of the files begin: none stands in two of them.
_FIRST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRead:
    """A file that became rows. `seconds`: from its acceptance until all was checked and looked
    through for duplicates; `accepted_ms`: how long sending it took; peaks: what was resident."""

    rows: int
    size_mib: float
    accepted_ms: float
    seconds: float
    worker_mib: float
    api_mib: float

    @property
    def per_second(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds if self.seconds else 0.0


async def read(stand: Stand, counts: tuple[int, ...]) -> list[FileRead]:
    """Files of so many rows, one after the other, by the same processes."""
    urls = stand.stack.urls
    merchant, second = shop(urls)
    async with merchant, second:
        await second.put("/v1/payout_policy", _NEEDS_SECOND)
        return [
            await _one(stand, merchant, phones(count, _FIRST + number * 1_000_000))
            for number, count in enumerate(counts)
        ]


async def _one(stand: Stand, merchant: DemoClient, numbers: list[str]) -> FileRead:
    pids = stand.processes
    with Peak(pids["worker"]) as worker, Peak(pids["api"]) as api:
        began = time.perf_counter()
        batch = await send(merchant, numbers)
        accepted = time.perf_counter() - began
        book = BatchBook(stand.stack.urls.database_admin, batch)
        try:
            await _until(book, "requires_approval")
            seconds, kept = book.until("requires_approval"), book.rows()
            await merchant.post(f"/v1/payout_batches/{batch}/cancel")
            await _until(book, "canceled")
        finally:
            book.close()
    if kept != {"ready": len(numbers)}:
        raise RuntimeError(f"a file of {len(numbers)} rows became {kept}")
    return FileRead(
        rows=len(numbers),
        size_mib=len(file_of(numbers)) / 2**20,
        accepted_ms=accepted * 1000,
        seconds=seconds,
        worker_mib=worker.mib,
        api_mib=api.mib,
    )


async def _until(book: BatchBook, state: str) -> None:
    async with asyncio.timeout(_DEADLINE):
        while True:
            if book.state() == state:
                return
            await asyncio.sleep(_LOOK)
