"""The state machines of attempt, payment and checkout session: one table each, pure.

The workflow owns the states; `activities.records` asserts every move against these tables.
"""

from enum import StrEnum
from typing import TypeVar

_S = TypeVar("_S", bound=StrEnum)


class IllegalMove(ValueError):
    """A state machine was asked for a move its table does not hold."""


class AttemptState(StrEnum):
    """One provider instruction."""

    CREATED = "created"
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    AWAITING_CUSTOMER = "awaiting_customer"
    UNKNOWN = "unknown"
    NOT_RECEIVED = "not_received"
    NEEDS_REVIEW = "needs_review"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REJECTED = "rejected"
    REVERSED = "reversed"

    @property
    def final(self) -> bool:
        """True when no provider evidence may move it (a reversal may)."""
        return self in _FINAL_ATTEMPT

    @property
    def in_flight(self) -> bool:
        """True while money may be moving: blocks a second attempt, expiry and cancel."""
        return not self.final


class PaymentStatus(StrEnum):
    """What the merchant sees."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    CANCELED = "canceled"
    REVERSED = "reversed"

    @property
    def final(self) -> bool:
        """True when the payment has ended."""
        return self in {self.SUCCEEDED, self.CANCELED, self.REVERSED}


class CheckoutState(StrEnum):
    """The session around the payment."""

    OPEN = "open"
    PROCESSING = "processing"
    COMPLETE = "complete"
    EXPIRED = "expired"
    CANCELED = "canceled"

    @property
    def final(self) -> bool:
        """True when the session takes no further attempt."""
        return self in {self.COMPLETE, self.EXPIRED, self.CANCELED}


_A, _P, _C = AttemptState, PaymentStatus, CheckoutState
_FINAL_ATTEMPT = frozenset({_A.SUCCEEDED, _A.FAILED, _A.REJECTED, _A.REVERSED})

ATTEMPT_MOVES: dict[AttemptState, frozenset[AttemptState]] = {
    _A.CREATED: frozenset({_A.SENDING, _A.REJECTED}),
    _A.QUEUED: frozenset({_A.SENDING, _A.REJECTED}),
    _A.SENDING: frozenset(
        {_A.ACCEPTED, _A.AWAITING_CUSTOMER, _A.SUCCEEDED, _A.FAILED, _A.REJECTED, _A.UNKNOWN}
        | {_A.NOT_RECEIVED, _A.NEEDS_REVIEW}
    ),
    _A.ACCEPTED: frozenset(
        {_A.AWAITING_CUSTOMER, _A.SUCCEEDED, _A.FAILED, _A.UNKNOWN, _A.NEEDS_REVIEW}
    ),
    _A.AWAITING_CUSTOMER: frozenset({_A.SUCCEEDED, _A.FAILED, _A.UNKNOWN, _A.NEEDS_REVIEW}),
    _A.UNKNOWN: frozenset({_A.SUCCEEDED, _A.FAILED, _A.NOT_RECEIVED, _A.NEEDS_REVIEW}),
    _A.NOT_RECEIVED: frozenset(
        {_A.SENDING, _A.SUCCEEDED, _A.REJECTED, _A.UNKNOWN, _A.NEEDS_REVIEW}
    ),
    _A.NEEDS_REVIEW: frozenset({_A.SUCCEEDED, _A.FAILED, _A.NOT_RECEIVED}),
    _A.SUCCEEDED: frozenset({_A.REVERSED}),
    _A.FAILED: frozenset(),
    _A.REJECTED: frozenset(),
    _A.REVERSED: frozenset(),
}

PAYMENT_MOVES: dict[PaymentStatus, frozenset[PaymentStatus]] = {
    _P.REQUIRES_PAYMENT_METHOD: frozenset({_P.PROCESSING, _P.CANCELED}),
    _P.PROCESSING: frozenset(
        {_P.REQUIRES_ACTION, _P.UNKNOWN, _P.SUCCEEDED, _P.REQUIRES_PAYMENT_METHOD, _P.CANCELED}
    ),
    _P.REQUIRES_ACTION: frozenset(
        {_P.PROCESSING, _P.UNKNOWN, _P.SUCCEEDED, _P.REQUIRES_PAYMENT_METHOD, _P.CANCELED}
    ),
    _P.UNKNOWN: frozenset({_P.PROCESSING, _P.SUCCEEDED, _P.REQUIRES_PAYMENT_METHOD, _P.CANCELED}),
    _P.SUCCEEDED: frozenset({_P.REVERSED}),
    _P.CANCELED: frozenset(),
    _P.REVERSED: frozenset(),
}

CHECKOUT_MOVES: dict[CheckoutState, frozenset[CheckoutState]] = {
    _C.OPEN: frozenset({_C.PROCESSING, _C.EXPIRED, _C.CANCELED}),
    _C.PROCESSING: frozenset({_C.COMPLETE, _C.EXPIRED, _C.CANCELED}),
    _C.COMPLETE: frozenset(),
    _C.EXPIRED: frozenset(),
    _C.CANCELED: frozenset(),
}


def attempt_moves_to(old: AttemptState, new: AttemptState) -> AttemptState:
    """The new state; raises IllegalMove when the table does not hold the move."""
    return _checked(ATTEMPT_MOVES[old], old, new)


def payment_moves_to(old: PaymentStatus, new: PaymentStatus) -> PaymentStatus:
    """The new status; raises IllegalMove when the table does not hold the move."""
    return _checked(PAYMENT_MOVES[old], old, new)


def checkout_moves_to(old: CheckoutState, new: CheckoutState) -> CheckoutState:
    """The new state; raises IllegalMove when the table does not hold the move."""
    return _checked(CHECKOUT_MOVES[old], old, new)


def _checked(allowed: frozenset[_S], old: _S, new: _S) -> _S:
    if new not in allowed:
        raise IllegalMove(f"{type(old).__name__} does not move from {old} to {new}")
    return new
