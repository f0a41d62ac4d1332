"""What Daraja's codes mean, as data. Source: Safaricom's and public code tables (MAPPINGS.md).

A code that is not here is UNKNOWN: asked about, never guessed.
"""

from enum import StrEnum

from models.reading import Reason, Verdict
from providers.readings import Meaning


class Operation(StrEnum):
    """What the code answers: the same number means different things."""

    PUSH = "push"  # the callback of an STK push
    PUSH_QUERY = "push_query"  # the answer of an STK query
    PAYOUT = "payout"  # B2C and B2B results
    REVERSAL = "reversal"


def _refused(reason: Reason, *codes: str) -> dict[str, Meaning]:
    return dict.fromkeys(codes, Meaning(Verdict.REFUSED, reason))


def _unknown(reason: Reason, *codes: str) -> dict[str, Meaning]:
    return dict.fromkeys(codes, Meaning(Verdict.UNKNOWN, reason))


#: What is asked about is final only once the asking itself says it again.
_SILENCE = ("1036", "1037")
_FAULT = ("1025", "9999")
_A_PARTY = ("7", "11", "14", "2040", "2051", "SFC_IC0003")
_BUSY = ("26", *(str(code) for code in range(100_000_000, 100_000_012)))

_COMMON = {
    "0": Meaning(Verdict.SETTLED),
    **_refused(Reason.INSUFFICIENT_FUNDS, "1"),
    **_refused(Reason.LIMIT_EXCEEDED, "2", "3", "4", "8"),
    **_unknown(Reason.DUPLICATE, "15"),
    **_unknown(Reason.PROVIDER_ERROR, "17"),
    **_refused(Reason.CREDENTIALS, "18", "8006"),
    **_refused(Reason.CONFIGURATION, "20", "21", "2028"),
    **_refused(Reason.BAD_REQUEST, "22", "24", "25", "29"),
    **_unknown(Reason.RATE_LIMITED, *_BUSY),
    **_refused(Reason.PAYER_BUSY, "1001"),
    **_refused(Reason.PROMPT_EXPIRED, "1019"),
    **_unknown(Reason.PROVIDER_ERROR, *_FAULT),
    **_refused(Reason.PAYER_CANCELLED, "1031", "1032"),
    **_unknown(Reason.PAYER_UNREACHABLE, *_SILENCE),
    **_refused(Reason.NOT_ALLOWED, "2006", "2007", "2008", "2020", "2026", "2029", "2043"),
    **_unknown(Reason.NOT_FOUND, "2033"),
}
_PUSH = {
    **_COMMON,
    **_refused(Reason.PAYER_NOT_FOUND, *_A_PARTY),
    **_refused(Reason.WRONG_PIN, "2001"),
}
_PAYOUT = {
    **_COMMON,
    **_refused(Reason.PAYEE_NOT_FOUND, *_A_PARTY),
    **_refused(Reason.CREDENTIALS, "2001"),
}

RESULTS: dict[Operation, dict[str, Meaning]] = {
    Operation.PUSH: _PUSH,
    Operation.PUSH_QUERY: {
        **_PUSH,
        **_refused(Reason.PROVIDER_ERROR, *_FAULT),
        **_refused(Reason.PAYER_UNREACHABLE, *_SILENCE),
    },
    Operation.PAYOUT: _PAYOUT,
    Operation.REVERSAL: {
        **_PAYOUT,
        # Safaricom's own sample carries 21 beside a text of success: only asking can tell.
        **_unknown(Reason.CONFIGURATION, "21"),
        **_refused(Reason.DUPLICATE, "R000001"),
        **_refused(Reason.NOT_FOUND, "R000002"),
    },
}

UNLISTED = Meaning(Verdict.UNKNOWN, Reason.PROVIDER_ERROR)


def meaning(operation: Operation, code: str) -> Meaning:
    """What `code` says about the money of `operation`."""
    return RESULTS[operation].get(code, UNLISTED)


#: B2C: the utility account was empty, or the platform too busy to take the instruction.
_NOT_EXECUTED = frozenset({"1", "26"})


def worth_another_try(code: str | None) -> bool:
    """True for codes of a payout that was not executed and may succeed under a new reference.

    26 is UNKNOWN until a question has shown that nothing happened; 17 and the other busy codes
    prove nothing and are only asked about. Contract section 8.
    """
    return code in _NOT_EXECUTED
