"""What two people decide about a loan that was paid, and what they may not."""

from dataclasses import dataclass
from enum import StrEnum

from models.loan import LoanState
from models.loan_calls import LoanRef
from models.money import Money
from models.tariff import ChargeLine

DECIDE_POSTING = "decide_posting"
REVERSAL_WORKFLOW = "loan-reversal"


class PostingWord(StrEnum):
    """Send the booking once more, or believe that it was made by hand."""

    POST_AGAIN = "post_again"
    POSTED_BY_HAND = "posted_by_hand"


class ReversalWord(StrEnum):
    """Have Mifos X undo the disbursement, or leave its books as they are."""

    UNDO = "undo"
    WAIVE = "waive"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingDecision:
    """Who decides what about a posting, and why."""

    word: PostingWord
    actor: str
    approver: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalOrder:
    """M-Pesa took the payment of a loan back, and two people decide what follows.

    `posted`: the lender's books hold the disbursement. `returned`: charges that come back to the
    wallet by the organisation's terms. `payout` is the number of the payment,
    `number` of the undoing, both from one.
    """

    ref: LoanRef
    state: str
    amount: Money
    receipt: str
    posted: bool
    word: ReversalWord
    actor: str
    approver: str
    reason: str
    payout: int = 1
    number: int = 1
    returned: tuple[ChargeLine, ...] = ()
    scale: float = 1.0


def against_posting(decision: PostingDecision, state: str) -> str | None:
    """Why the decision may not be taken; None when it may."""
    if state != LoanState.POSTING_REVIEW:
        return f"the loan is {state}: no posting waits for a decision"
    return against_people(decision.actor, decision.approver, decision.reason)


def against_people(actor: str, approver: str, reason: str) -> str | None:
    """Two different people and a reason; what is missing, else None."""
    if not (actor and approver):
        return "actor and approver are required"
    if actor == approver:
        return "the approver may not be the actor"
    return None if reason else "a reason is required"
