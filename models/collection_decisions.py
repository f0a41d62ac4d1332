"""What two people decide about money that came, and what they may not."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.account_matching import Target
from models.collection import CollectionState
from models.loan_decisions import against_people
from models.money import Money
from models.saga import SagaRef

DECIDE = "decide"


class CollectionWord(StrEnum):
    """ALLOCATE: post it to an account. REFUNDED: the partner sent it back by bank or portal.

    LEAVE: it stays on the pay bill. POST_AGAIN and POSTED_BY_HAND: about a posting the books
    refused; TO_SUSPENSE: it belongs elsewhere. REVERSED: M-Pesa took the money back.
    """

    ALLOCATE = "allocate"
    REFUNDED = "refunded"
    LEAVE = "leave"
    POST_AGAIN = "post_again"
    POSTED_BY_HAND = "posted_by_hand"
    TO_SUSPENSE = "to_suspense"
    REVERSED = "reversed"


class AfterReversal(StrEnum):
    """Have Mifos X undo the transaction, or leave its books as they are."""

    UNDO = "undo"
    WAIVE = "waive"


_W, _C = CollectionWord, CollectionState
_OPEN = {
    _C.SUSPENSE: frozenset({_W.ALLOCATE, _W.REFUNDED, _W.LEAVE, _W.REVERSED}),
    _C.POSTING_REVIEW: frozenset({_W.POST_AGAIN, _W.POSTED_BY_HAND, _W.TO_SUSPENSE, _W.REVERSED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionDecision:
    """Who decides what, and why. `account`: where it is allocated to, as one would type it."""

    word: CollectionWord
    actor: str
    approver: str
    reason: str
    account: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReversalOrder:
    """M-Pesa took back what was posted, and two people say so. `number` of it, from one.

    `transaction_id`: what stands in the lender's books; None where it was posted by hand.
    """

    saga: SagaRef
    state: str
    amount: Money
    receipt: str
    target: Target
    transaction_id: int | None
    word: AfterReversal
    actor: str
    approver: str
    reason: str
    number: int = 1
    scale: float = 1.0

    @property
    def workflow_id(self) -> str:
        """One run per numbered try."""
        return f"{self.saga.id}/reversal/{self.number}"


def against(decision: CollectionDecision, state: str) -> str | None:
    """Why the decision may not be taken; None when it may."""
    if decision.word not in _OPEN.get(_C(state), frozenset()):
        return f"the collection is {state}: {decision.word} is not to be decided"
    if decision.word is _W.ALLOCATE and not decision.account:
        return "name the account it belongs to"
    return against_people(decision.actor, decision.approver, decision.reason)
