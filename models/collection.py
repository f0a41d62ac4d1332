"""Money a customer paid to a partner's pay bill: matched, posted to Mifos X, or in suspense."""

from enum import StrEnum


class CollectionState(StrEnum):
    """The money has moved before we hear of it: what is left is where it belongs.

    Only where the partner rang the payer's phone does it begin earlier: requested, sending,
    unknown, and failed where nothing was paid.
    """

    REQUESTED = "requested"
    SENDING = "sending"
    UNKNOWN = "unknown"
    FAILED = "failed"
    RECEIVED = "received"
    MATCHED = "matched"
    POSTING = "posting"
    POSTING_UNKNOWN = "posting_unknown"
    POSTING_REVIEW = "posting_review"
    POSTED = "posted"
    SUSPENSE = "suspense"
    ALLOCATED = "allocated"
    REFUNDED = "refunded"
    LEFT = "left"
    REVERSAL_REVIEW = "reversal_review"
    REVERSED = "reversed"


_C = CollectionState
_RUNG = frozenset({_C.SENDING, _C.UNKNOWN, _C.RECEIVED, _C.LEFT, _C.FAILED})
_POSTING = frozenset({_C.POSTING, _C.POSTING_UNKNOWN, _C.POSTING_REVIEW, _C.POSTED, _C.SUSPENSE})
_BACK = frozenset({_C.REVERSED})

MOVES: dict[str, frozenset[str]] = {
    _C.REQUESTED: _RUNG,
    _C.SENDING: _RUNG - {_C.SENDING},
    _C.UNKNOWN: _RUNG - {_C.UNKNOWN},
    _C.FAILED: frozenset(),
    _C.RECEIVED: frozenset({_C.MATCHED, _C.SUSPENSE, _C.LEFT}) | _BACK,
    _C.MATCHED: _POSTING | _BACK,
    _C.POSTING: _POSTING - {_C.POSTING},
    _C.POSTING_UNKNOWN: _POSTING - {_C.POSTING_UNKNOWN},
    _C.POSTING_REVIEW: (_POSTING - {_C.POSTING_REVIEW}) | _BACK,
    _C.SUSPENSE: frozenset({_C.ALLOCATED, _C.REFUNDED, _C.LEFT}) | _BACK,
    _C.ALLOCATED: _POSTING | _BACK,
    _C.POSTED: _BACK | {_C.REVERSAL_REVIEW},
    _C.REVERSAL_REVIEW: _BACK,
    _C.REFUNDED: frozenset(),
    _C.LEFT: frozenset(),
    _C.REVERSED: frozenset(),
}
