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


class ParkReason(StrEnum):
    """Why a loan waits; it is looked at again by every poll and by every top-up."""

    CENTS = "cents"
    CURRENCY = "currency"
    LIMITS = "limits"
    MULTI_TRANCHE = "multi_tranche"
    TOP_UP_LOAN = "top_up_loan"
    WALLET = "wallet"
    FLOAT = "float"
    MIFOS_CALENDAR = "mifos_calendar"
    PHONE = "phone"
    CLIENT = "client"
    PRODUCT = "product"
    CREDENTIALS = "credentials"
    TARIFF = "tariff"
    MPESA = "mpesa"
    CONTRADICTION = "contradiction"


_L = LoanState
_POSTING = frozenset({_L.POSTING, _L.POSTING_UNKNOWN, _L.POSTING_REVIEW, _L.DISBURSED})

MOVES: dict[str, frozenset[str]] = {
    _L.FOUND: frozenset({_L.PREFLIGHT, _L.PARKED, _L.REJECTED}),
    _L.PREFLIGHT: frozenset({_L.PARKED, _L.HELD, _L.REJECTED}),
    # Paid: a payment believed refused was made after all, and two people say so.
    _L.PARKED: frozenset({_L.PREFLIGHT, _L.REJECTED, _L.PAID}),
    _L.HELD: frozenset({_L.SENDING, _L.PAID, _L.FAILED, _L.PARKED}),
    _L.SENDING: frozenset({_L.UNKNOWN, _L.PAID, _L.FAILED, _L.PARKED}),
    _L.UNKNOWN: frozenset({_L.SENDING, _L.PAID, _L.FAILED, _L.PARKED}),
    _L.PAID: _POSTING | {_L.REVERSAL_REVIEW},
    _L.POSTING: (_POSTING - {_L.POSTING}) | {_L.REVERSAL_REVIEW},
    _L.POSTING_UNKNOWN: (_POSTING - {_L.POSTING_UNKNOWN}) | {_L.REVERSAL_REVIEW},
    _L.POSTING_REVIEW: (_POSTING - {_L.POSTING_REVIEW}) | {_L.REVERSAL_REVIEW},
    _L.DISBURSED: frozenset({_L.REVERSAL_REVIEW, _L.REVERSED}),
    _L.REVERSAL_REVIEW: frozenset({_L.REVERSED}),
    _L.FAILED: frozenset(),
    _L.REJECTED: frozenset(),
    _L.REVERSED: frozenset(),
}

#: Nothing of the loan was paid, and nothing is being paid.
UNPAID_ENDINGS = frozenset({_L.FAILED, _L.REJECTED, _L.REVERSED})
#: Money has left: status 200 at the lender, or another approval, is no reason to pay again.
PAID_STATES = _POSTING | {_L.PAID, _L.REVERSAL_REVIEW}
