"""A batch of payouts: a file of rows, checked, approved, run, and paused or resumed at will."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from models import ids
from models.approval import LIFETIME
from models.saga import SagaRef

WORKFLOW = "payout-batch"
#: The member of a request that carries a word to the batch.
WORD = "batch"
#: How many rows may be payouts that have not ended, and how many are made in one transaction.
WINDOW, CHUNK = 500, 100
#: Looks of one run of the workflow: each is a dozen events of its history.
LOOKS = 200


class BatchState(StrEnum):
    """Rows keep ids and states of their own; a batch ends when none of them is under way."""

    VALIDATING = "validating"
    INVALID = "invalid"
    REQUIRES_APPROVAL = "requires_approval"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    COMPLETED_WITH_ERRORS = "completed_with_errors"
    CANCELED = "canceled"


_B = BatchState
_ENDS = frozenset({_B.COMPLETED, _B.COMPLETED_WITH_ERRORS, _B.CANCELED})

MOVES: dict[str, frozenset[str]] = {
    _B.VALIDATING: frozenset({_B.INVALID, _B.REQUIRES_APPROVAL, _B.RUNNING}),
    _B.INVALID: frozenset(),
    _B.REQUIRES_APPROVAL: frozenset({_B.RUNNING, _B.CANCELED}),
    _B.RUNNING: frozenset({_B.PAUSED}) | _ENDS,
    _B.PAUSED: frozenset({_B.RUNNING}) | _ENDS,
    _B.COMPLETED: frozenset(),
    _B.COMPLETED_WITH_ERRORS: frozenset(),
    _B.CANCELED: frozenset(),
}


class RowState(StrEnum):
    """UNDER_WAY: it is a payout that has not ended. REFUSED: no payout was made of it."""

    INVALID = "invalid"
    HELD_DUPLICATE = "held_duplicate"
    READY = "ready"
    UNDER_WAY = "under_way"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    REFUSED = "refused"
    SKIPPED = "skipped"
    CANCELED = "canceled"


class BatchWord(StrEnum):
    """What somebody says to a batch."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    LOOK = "look"


class RowWord(StrEnum):
    """What somebody decides about a row that looks like a duplicate."""

    RELEASE = "release"
    SKIP = "skip"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOrder:
    """Starts a batch, or the next run of its chain: then `state` and `stopping` are where it was.

    `maker` asked for it and may not approve it.
    """

    saga: SagaRef
    maker: str
    currency: str
    country: str | None = None
    wait_scale: float = 1.0
    window: int = WINDOW
    looks: int = LOOKS
    state: BatchState = BatchState.VALIDATING
    stopping: bool = False

    @property
    def org(self) -> UUID:
        """Whose."""
        return ids.parsed(ids.ORG, self.saga.org_id)

    @property
    def batch(self) -> UUID:
        """The batch's own id."""
        return ids.parsed(ids.BATCH, self.saga.id)

    def at(self, state: BatchState, *, stopping: bool) -> "BatchOrder":
        """The order of the next run."""
        return replace(self, state=state, stopping=stopping)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount:
    """Rows of one state, and what they come to in minor units."""

    state: RowState
    rows: int
    amount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How the rows of a batch stand, at one moment."""

    counts: tuple[RowCount, ...] = ()

    def rows(self, *states: RowState) -> int:
        """How many rows stand in one of the states."""
        return sum(count.rows for count in self.counts if count.state in states)

    def amount(self, *states: RowState) -> int:
        """What they come to."""
        return sum(count.amount for count in self.counts if count.state in states)

    @property
    def open(self) -> int:
        """Rows of which something is still to come."""
        return self.rows(RowState.READY, RowState.HELD_DUPLICATE, RowState.UNDER_WAY)

    @property
    def end(self) -> BatchState:
        """How a batch ends whose rows are all at an end."""
        fine = self.rows(RowState.PAID, RowState.SKIPPED)
        every = sum(count.rows for count in self.counts)
        return BatchState.COMPLETED if fine == every else BatchState.COMPLETED_WITH_ERRORS

    def shown(self) -> Mapping[str, int]:
        """The batch's own figures at a step: all rows, and what the payable ones come to."""
        payable = [state for state in RowState if state not in _NEVER]
        return {
            "rows": sum(count.rows for count in self.counts),
            "invalid": self.rows(RowState.INVALID),
            "amount": self.amount(*payable),
        }


_NEVER = frozenset({RowState.INVALID, RowState.SKIPPED})


def tally_of(rows: Sequence[Mapping[str, int | str]]) -> Tally:
    """The counts the database gives."""
    return Tally(
        counts=tuple(
            RowCount(
                state=RowState(str(row["state"])), rows=int(row["rows"]), amount=int(row["amount"])
            )
            for row in rows
        )
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRead:
    """What reading the file led to. `refused`: why it holds no payouts, in words.

    `approval`: a second person has to allow the sum, within `life` seconds.
    """

    tally: Tally = Tally()
    refused: str | None = None
    approval: bool = False
    life: float = LIFETIME
