"""What one call says about its rail, whatever it says about the money. Pure."""

from enum import StrEnum

from models.reading import Reading, Reason, Verdict


class Outcome(StrEnum):
    """A refusal of a payer (a wrong PIN, too little money) is an answer."""

    ANSWERED = "answered"
    TROUBLED = "troubled"
    THROTTLED = "throttled"


#: The provider, or our standing with it, does not work: the next payer would meet the same.
_TROUBLE = frozenset(
    {
        Reason.PROVIDER_ERROR,
        Reason.UNREADABLE,
        Reason.NO_ANSWER,
        Reason.NEVER_SENT,
        Reason.MAINTENANCE,
        Reason.CREDENTIALS,
        Reason.CONFIGURATION,
    }
)
#: Said without a call.
_OURS = frozenset({Reason.NOTHING_TO_ASK_WITH, Reason.BAD_REQUEST})


def outcome_of(reading: Reading) -> Outcome | None:
    """What the call came to; None when nothing was called."""
    if reading.reason in _OURS:
        return None
    if reading.reason is Reason.RATE_LIMITED:
        return Outcome.THROTTLED
    undecided = reading.verdict in {Verdict.UNKNOWN, Verdict.REFUSED}
    return Outcome.TROUBLED if undecided and reading.reason in _TROUBLE else Outcome.ANSWERED
