"""A loan disbursement: its states. Money first, then Mifos X; each side has its own unknown."""

from enum import StrEnum


class LoanState(StrEnum):
    """From a loan found approved to a loan disbursed, or the reason it was not."""

    FOUND = "found"
    PREFLIGHT = "preflight"
    PARKED = "parked"
    HELD = "held"
    SENDING = "sending"
    UNKNOWN = "unknown"
    PAID = "paid"
    POSTING = "posting"
    POSTING_UNKNOWN = "posting_unknown"
    POSTING_REVIEW = "posting_review"
    DISBURSED = "disbursed"
    FAILED = "failed"
    REJECTED = "rejected"
    REVERSAL_REVIEW = "reversal_review"
    REVERSED = "reversed"


_L = LoanState
_POSTING = frozenset({_L.POSTING, _L.POSTING_UNKNOWN, _L.POSTING_REVIEW, _L.DISBURSED})

MOVES: dict[str, frozenset[str]] = {
    _L.FOUND: frozenset({_L.PREFLIGHT, _L.PARKED, _L.REJECTED}),
    _L.PREFLIGHT: frozenset({_L.PARKED, _L.HELD, _L.REJECTED}),
    _L.PARKED: frozenset({_L.PREFLIGHT, _L.REJECTED}),
    _L.HELD: frozenset({_L.SENDING, _L.PAID, _L.FAILED, _L.PARKED}),
    _L.SENDING: frozenset({_L.UNKNOWN, _L.PAID, _L.FAILED, _L.PARKED}),
    _L.UNKNOWN: frozenset({_L.SENDING, _L.PAID, _L.FAILED, _L.PARKED}),
    _L.PAID: _POSTING | {_L.REVERSAL_REVIEW},
    _L.POSTING: (_POSTING - {_L.POSTING}) | {_L.REVERSAL_REVIEW},
    _L.POSTING_UNKNOWN: (_POSTING - {_L.POSTING_UNKNOWN}) | {_L.REVERSAL_REVIEW},
    _L.POSTING_REVIEW: (_POSTING - {_L.POSTING_REVIEW}) | {_L.REVERSAL_REVIEW},
    _L.DISBURSED: frozenset({_L.REVERSED}),
    _L.REVERSAL_REVIEW: frozenset({_L.REVERSED}),
    _L.FAILED: frozenset(),
    _L.REJECTED: frozenset(),
    _L.REVERSED: frozenset(),
}
