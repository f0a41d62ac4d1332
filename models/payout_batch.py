"""A batch of payouts: a file of rows, checked, approved, run, and paused or resumed at will."""

from enum import StrEnum


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
    _B.VALIDATING: frozenset({_B.INVALID, _B.REQUIRES_APPROVAL, _B.RUNNING, _B.CANCELED}),
    _B.INVALID: frozenset(),
    _B.REQUIRES_APPROVAL: frozenset({_B.RUNNING, _B.CANCELED}),
    _B.RUNNING: frozenset({_B.PAUSED}) | _ENDS,
    _B.PAUSED: frozenset({_B.RUNNING}) | _ENDS,
    _B.COMPLETED: frozenset(),
    _B.COMPLETED_WITH_ERRORS: frozenset(),
    _B.CANCELED: frozenset(),
}
