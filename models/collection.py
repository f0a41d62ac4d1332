"""Money a customer paid to a partner's pay bill: matched, posted to Mifos X, or in suspense."""

from enum import StrEnum


class CollectionState(StrEnum):
    """The money has moved before we hear of it: what is left is where it belongs."""

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
_POSTING = frozenset({_C.POSTING, _C.POSTING_UNKNOWN, _C.POSTING_REVIEW, _C.POSTED, _C.SUSPENSE})

MOVES: dict[str, frozenset[str]] = {
    _C.RECEIVED: frozenset({_C.MATCHED, _C.SUSPENSE, _C.REVERSED}),
    _C.MATCHED: _POSTING | {_C.REVERSED},
    _C.POSTING: (_POSTING - {_C.POSTING}) | {_C.REVERSAL_REVIEW},
    _C.POSTING_UNKNOWN: (_POSTING - {_C.POSTING_UNKNOWN}) | {_C.REVERSAL_REVIEW},
    _C.POSTING_REVIEW: (_POSTING - {_C.POSTING_REVIEW}) | {_C.REVERSAL_REVIEW},
    _C.SUSPENSE: frozenset({_C.ALLOCATED, _C.REFUNDED, _C.LEFT, _C.REVERSED}),
    _C.ALLOCATED: _POSTING - {_C.SUSPENSE},
    _C.POSTED: frozenset({_C.REVERSED, _C.REVERSAL_REVIEW}),
    _C.REVERSAL_REVIEW: frozenset({_C.REVERSED}),
    _C.REFUNDED: frozenset(),
    _C.LEFT: frozenset(),
    _C.REVERSED: frozenset(),
}
