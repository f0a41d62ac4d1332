"""A refund: a payment given back to its payer, whole or in part."""

from enum import StrEnum


class RefundState(StrEnum):
    """The amount is reserved when the refund is created and released only where none moved.

    CREATED: the merchant's money is not set aside yet. PENDING: it is, and nothing was sent.
    """

    REQUIRES_APPROVAL = "requires_approval"
    CREATED = "created"
    WAITING_FUNDS = "waiting_funds"
    PENDING = "pending"
    PROCESSING = "processing"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


_R = RefundState

MOVES: dict[str, frozenset[str]] = {
    _R.REQUIRES_APPROVAL: frozenset({_R.CREATED, _R.CANCELED}),
    _R.CREATED: frozenset({_R.WAITING_FUNDS, _R.PENDING, _R.CANCELED}),
    _R.WAITING_FUNDS: frozenset({_R.PENDING, _R.CANCELED}),
    _R.PENDING: frozenset({_R.PROCESSING, _R.CANCELED}),
    _R.PROCESSING: frozenset({_R.UNKNOWN, _R.SUCCEEDED, _R.FAILED}),
    _R.UNKNOWN: frozenset({_R.PROCESSING, _R.SUCCEEDED, _R.FAILED}),
    _R.SUCCEEDED: frozenset(),
    _R.FAILED: frozenset(),
    _R.CANCELED: frozenset(),
}

#: Where it may still be given up: nothing was sent.
CANCELABLE = frozenset({_R.REQUIRES_APPROVAL, _R.CREATED, _R.WAITING_FUNDS, _R.PENDING})
