"""Everything a batch's workflow calls, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.batch_reading import BatchReading
from activities.batch_running import BatchRunning
from activities.payout_accepting import PayoutDesk
from runtime.database import Database
from runtime.payout_files import rows_of
from workflows.payout_batch import PayoutBatchWorkflow

WORKFLOWS: tuple[type, ...] = (PayoutBatchWorkflow,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """The activities of batches; the payouts of their rows have their own."""

    reading: BatchReading
    running: BatchRunning

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            self.reading.read,
            self.running.advance,
            self.running.watch,
            self.running.stop,
        )


def batch_work(database: Database, desk: PayoutDesk) -> Batches:
    """Build them once."""
    return Batches(
        reading=BatchReading(database, desk, rows_of), running=BatchRunning(database, desk)
    )
