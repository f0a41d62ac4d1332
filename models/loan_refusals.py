"""What a payout that definitely did not happen means for its loan. Pure."""

from models.loan import ParkReason
from models.reading import Reading, Reason, Verdict

#: Not executed, and worth another attempt under a new reference once the cause is gone
#: (result codes 1 after a top-up, 26 after a pause; or it never came to M-Pesa at all).
_WAITS = {
    Reason.INSUFFICIENT_FUNDS: ParkReason.FLOAT,
    Reason.RATE_LIMITED: ParkReason.MPESA,
    Reason.MAINTENANCE: ParkReason.MPESA,
    Reason.NEVER_SENT: ParkReason.MPESA,
    Reason.NOT_FOUND: ParkReason.MPESA,
    Reason.CREDENTIALS: ParkReason.CREDENTIALS,
    Reason.CONFIGURATION: ParkReason.CREDENTIALS,
}
_IN_WORDS = {
    Reason.PAYEE_NOT_FOUND: "the number has no M-Pesa account",
    Reason.LIMIT_EXCEEDED: "a limit of the client's M-Pesa account",
    Reason.NOT_ALLOWED: "the client's M-Pesa account may not receive it",
    Reason.REVERSED: "M-Pesa took the payment back",
    Reason.OPERATOR: "two people found that it was not paid",
}


#: The platform was too busy to take it: under this reference it is never tried again.
_BUSY_CODE = "26"


def turned_away(reading: Reading) -> bool:
    """Told that the platform was too busy; not executed only once a question has shown it."""
    return reading.verdict is Verdict.UNKNOWN and reading.provider_code == _BUSY_CODE


def waits_for(reading: Reading) -> ParkReason | None:
    """What the next attempt waits for; None: there is none, the refusal is final."""
    return _WAITS.get(reading.reason) if reading.reason else None


def paid_again(reading: Reading) -> bool:
    """Whether the loan would be paid under a new reference by and by, nobody being asked.

    Not where the initiator's password is wrong: a question would bring it nearer to its lock.
    """
    return waits_for(reading) in {ParkReason.FLOAT, ParkReason.MPESA}


def in_words(reading: Reading) -> str:
    """Why, as the partner is told."""
    known = _IN_WORDS.get(reading.reason) if reading.reason else None
    return known or f"M-Pesa declined it ({reading.provider_code or reading.reason or 'no code'})"
