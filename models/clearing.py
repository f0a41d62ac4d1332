"""A clearing move: our own money from one float or bank account to another."""

from enum import StrEnum


class ClearingState(StrEnum):
    """It counts as sent before it is known to have arrived; both ends are told apart.

    `rejected`: nobody allowed it, the float was too small, or the bank would not.
    """

    DRAFT = "draft"
    APPROVED = "approved"
    SENT = "sent"
    UNKNOWN = "unknown"
    ARRIVED = "arrived"
    RETURNED = "returned"
    REJECTED = "rejected"


_C = ClearingState

MOVES: dict[str, frozenset[str]] = {
    _C.DRAFT: frozenset({_C.APPROVED, _C.REJECTED}),
    _C.APPROVED: frozenset({_C.SENT, _C.REJECTED}),
    _C.SENT: frozenset({_C.UNKNOWN, _C.ARRIVED, _C.RETURNED, _C.REJECTED}),
    _C.UNKNOWN: frozenset({_C.SENT, _C.ARRIVED, _C.RETURNED, _C.REJECTED}),
    _C.ARRIVED: frozenset(),
    _C.RETURNED: frozenset(),
    _C.REJECTED: frozenset(),
}
