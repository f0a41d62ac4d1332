"""One-time codes: six digits, bound to what they approve, kept only as an HMAC. Pure."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.money import Money

#: Seconds a code is good for, and before another may be sent.
LIFETIME, RESEND_AFTER = 300.0, 60.0
#: Guesses one code takes; codes one purchase sends after the first.
TRIES, RESENDS = 5, 3

_DIGITS = 6


class OtpWord(StrEnum):
    """What people did with a code, as the saga is told."""

    VERIFIED = "verified"
    LOCKED = "locked"
    CANCELED = "canceled"


class OtpStanding(StrEnum):
    """How a purchase's latest code stands. OVER: expired, guessed away or taken back."""

    LIVE = "live"
    SPENT = "spent"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtpLook:
    """What a look at the code found; `expires_at` of a live one."""

    standing: OtpStanding
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """What a code approves: this purchase, this amount, this beneficiary, and nothing else."""

    purchase_id: str
    amount: Money
    beneficiary: str


def new_code() -> str:
    """Six digits nobody can foresee."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def sealed_code(pepper: bytes, approval: Approval, code: str) -> bytes:
    """The only form a code is kept in."""
    amount = f"{approval.amount.minor}{approval.amount.currency}"
    bound = "\0".join((approval.purchase_id, amount, approval.beneficiary, code))
    return hmac.new(pepper, bound.encode(), hashlib.sha256).digest()


def is_code(pepper: bytes, approval: Approval, code: str, sealed: bytes) -> bool:
    """Whether it is the code, in constant time."""
    return hmac.compare_digest(sealed_code(pepper, approval, code), sealed)
