"""Deciding a case of an ended session: two people, once."""

from dataclasses import dataclass
from enum import StrEnum

CASE_DECISION = "case-decision"
#: Type of the error of a decision that cannot be taken; its message says why.
NOT_DECIDABLE = "NotDecidable"


class CaseWord(StrEnum):
    """Accept gives the money to the merchant, refund gives it back to the payer.

    Refunded says that somebody sent it back by hand, over a rail that Kauri cannot refund by.
    Dismiss ends a case that holds no money.
    """

    ACCEPT = "accept"
    REFUND = "refund"
    REFUNDED = "refunded"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDecision:
    """Who decides what about which case, and why.

    `refund_id`: minted with the word `refund`, so that the decision starts one refund however
    often it is written.
    """

    case_id: str
    org_id: str
    livemode: bool
    word: CaseWord
    actor: str
    approver: str
    reason: str
    refund_id: str | None = None
