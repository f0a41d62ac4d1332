"""A payout: money of a merchant sent to a wallet or a bank account."""

from enum import StrEnum


class PayoutState(StrEnum):
    """It can be canceled up to `queued`; a bank's bounce after `paid` is `returned`.

    What waits for its next instruction is `unknown` again when an earlier one is said to have paid.
    """

    DRAFT = "draft"
    REQUIRES_APPROVAL = "requires_approval"
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    PROCESSING = "processing"
    UNKNOWN = "unknown"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"
    RETURNED = "returned"
    REVERSED = "reversed"


_P = PayoutState

MOVES: dict[str, frozenset[str]] = {
    _P.DRAFT: frozenset({_P.REQUIRES_APPROVAL, _P.SCHEDULED, _P.QUEUED, _P.FAILED, _P.CANCELED}),
    _P.REQUIRES_APPROVAL: frozenset({_P.SCHEDULED, _P.QUEUED, _P.FAILED, _P.CANCELED}),
    _P.SCHEDULED: frozenset({_P.REQUIRES_APPROVAL, _P.QUEUED, _P.FAILED, _P.CANCELED}),
    _P.QUEUED: frozenset({_P.PROCESSING, _P.UNKNOWN, _P.FAILED, _P.CANCELED}),
    _P.PROCESSING: frozenset({_P.UNKNOWN, _P.QUEUED, _P.PAID, _P.FAILED}),
    _P.UNKNOWN: frozenset({_P.PROCESSING, _P.QUEUED, _P.PAID, _P.FAILED}),
    _P.PAID: frozenset({_P.RETURNED, _P.REVERSED}),
    _P.FAILED: frozenset(),
    _P.CANCELED: frozenset(),
    _P.RETURNED: frozenset(),
    _P.REVERSED: frozenset(),
}
