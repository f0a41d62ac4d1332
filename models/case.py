"""Deciding a case of an ended session: two people, once."""

from dataclasses import dataclass
from enum import StrEnum

CASE_DECISION = "case-decision"


class CaseWord(StrEnum):
    """Accept gives the money to the merchant, refund sets it aside for the payer.

    Dismiss ends a case that holds no money.
    """

    ACCEPT = "accept"
    REFUND = "refund"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecision:
    """Who decides what about which case, and why."""

    case_id: str
    org_id: str
    livemode: bool
    word: CaseWord
    actor: str
    approver: str
    reason: str
