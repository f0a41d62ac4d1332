"""What a second person has to allow: never the one who asked. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

#: The member of a request that carries a decision to its saga.
APPROVAL = "approval"
#: Seconds somebody has, and the share of them after which more people are told.
LIFETIME, ESCALATED_AFTER = 72 * 3600.0, 0.5


class ApprovalWord(StrEnum):
    """What the second person says."""

    APPROVE = "approve"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalTerms:
    """Until when, when to remind, and who asked."""

    maker: str
    expires_at: datetime
    escalates_at: datetime


class ApprovalStanding(StrEnum):
    """How an approval stands. EXPIRED: nobody decided in time, and nobody can any more."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalLook:
    """What a look at the row found; `checker` and `reason` once somebody decided."""

    standing: ApprovalStanding
    checker: str | None = None
    reason: str | None = None


def terms(maker: str, asked_at: datetime, *, life: float) -> ApprovalTerms:
    """`life` seconds from the moment it was asked for."""
    return ApprovalTerms(
        maker=maker,
        expires_at=asked_at + timedelta(seconds=life),
        escalates_at=asked_at + timedelta(seconds=life * ESCALATED_AFTER),
    )
