"""What looking for loans costs a lender with ten thousand of them: all new, then none.

The loans are not paid: the only worker that runs meanwhile serves polls and starts nothing, so
what is measured is the poll and not ten thousand sagas beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client

from benchmarks.children import Child
from benchmarks.lender import WAITS, approve, lending
from benchmarks.loan_books import OurBook
from benchmarks.memory import Peak
from benchmarks.stand import Stand
from cli.demo.vault.told import Player
from models.loan_calls import Polled, PollOrder
from runtime import temporal
from workflows.loan_polling import schedule_id

#: Loans of a poll that goes first: its peak is what one page takes.
_FIRST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One poll: how long, how many requests to the lender, what it found, the worker's peak."""

    seconds: float
    requests: int
    seen: int
    accepted: int
    peak_mib: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Polls:
    """A small poll, one where all is new, one where nothing is; then what the rows say."""

    small: Round
    new: Round
    known: Round
    approved: int
    missed: int
    twice: int

    def kept(self) -> dict[str, Any]:
        """As the results keep it."""
        return {
            **{name: _rounded(getattr(self, name)) for name in ("small", "new", "known")},
            "approved": self.approved,
            "missed": self.missed,
            "twice": self.twice,
            "memory_growth_mib": round(
                max(self.new.peak_mib, self.known.peak_mib) - self.small.peak_mib, 1
            ),
        }


async def measure(stand: Stand, count: int, say: Callable[[str], None]) -> Polls:
    """Poll. The product's worker is stopped for good: measure this last."""
    async with lending(stand.stack, WAITS) as player:
        stand.stack.children.stop("worker")
        worker = Child("poll_worker", stand.stack.plan.environment, stand.folder)
        book = OurBook(stand.stack.urls.database_admin, player)
        try:
            polling = _Polling(stand, player, await temporal.connect(stand.stack.settings()))
            loans = await approve(player, _FIRST)
            small = await polling.round(worker.pid)
            loans += await approve(player, count)
            new, known = await polling.round(worker.pid), await polling.round(worker.pid)
            missed, twice = judged(loans, [one.loan for one in book.loans()])
        finally:
            worker.close()
            book.close()
    for name, one in (("small", small), ("new", new), ("known", known)):
        say(f"  poll    {name}: {one}")
    return Polls(small=small, new=new, known=known, approved=len(loans), missed=missed, twice=twice)


def judged(approved: Sequence[int], taken: Sequence[int]) -> tuple[int, int]:
    """How many approved loans have no saga, and how many sagas are one too many."""
    return len(set(approved) - set(taken)), len(taken) - len(set(taken))


class _Polling:
    """Asks for polls over the API and looks at what they were."""

    def __init__(self, stand: Stand, player: Player, client: Client) -> None:
        self._stand = stand
        self._player = player
        self._client = client

    async def round(self, worker: int) -> Round:
        """Poll once and wait for the end."""
        began = datetime.now(UTC)
        order = PollOrder(org_id=self._player.org, livemode=False)
        with Peak(worker) as peak:
            await self._player.client.post("/v1/loans/poll")
            handle = self._client.get_workflow_handle(
                f"{schedule_id(order)}/asked", result_type=Polled
            )
            polled = await handle.result()
        told = await handle.describe()
        ended = told.close_time or datetime.now(UTC)
        return Round(
            seconds=(ended - told.start_time).total_seconds(),
            requests=await self._requests(began),
            seen=polled.seen,
            accepted=polled.accepted,
            peak_mib=peak.mib,
        )

    async def _requests(self, since: datetime) -> int:
        """Requests the lender's server was sent since then."""
        log = await self._player.client.control("fineract/requests")
        return sum(
            1
            for line in log
            if line["direction"] == "in" and datetime.fromisoformat(line["at"]) >= since
        )


def _rounded(one: Round) -> dict[str, Any]:
    return {
        name: round(value, 2) if isinstance(value, float) else value
        for name, value in asdict(one).items()
    }
