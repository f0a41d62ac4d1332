"""What two people decide about float that was refused, lies in working, or is seen by nobody."""

from dataclasses import dataclass
from enum import StrEnum

from models.float_purchase import FloatState

#: Update of a running purchase.
DECIDE = "decide"


class FloatWord(StrEnum):
    """What may be said.

    Refused after the transfer: RETRY buys it again, RETURN sends the money back to the pool
    account. In working: MOVED by hand, or MOVE it again. Not seen: SEEN where payouts leave
    from, SEEN_IN_WORKING, or NOT_BOUGHT: the bank gave the money back.
    """

    RETRY = "retry"
    RETURN = "return"
    MOVED = "moved"
    MOVE = "move"
    SEEN = "seen"
    SEEN_IN_WORKING = "seen_in_working"
    NOT_BOUGHT = "not_bought"


#: What may be said where.
_WORDS = {
    FloatState.FLOAT_REFUSED: {FloatWord.RETRY, FloatWord.RETURN},
    FloatState.IN_WORKING: {FloatWord.MOVED, FloatWord.MOVE},
    FloatState.NOT_SEEN: {FloatWord.SEEN, FloatWord.SEEN_IN_WORKING, FloatWord.NOT_BOUGHT},
}
#: What orders something; all else says how it is outside, and has to be shown.
_ORDERS = frozenset({FloatWord.RETRY, FloatWord.RETURN, FloatWord.MOVE})


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatDecision:
    """Who decides what, and why. `evidence`: where it can be looked up."""

    word: FloatWord
    actor: str
    approver: str
    reason: str
    evidence: str = ""


def against(decision: FloatDecision, state: str) -> str | None:
    """Why the decision may not be carried out in this state; None when it may."""
    two = decision.actor and decision.approver and decision.actor != decision.approver
    if not (two and decision.reason):
        return "two people and a reason are required"
    fits = _WORDS.get(FloatState(state), set())
    if decision.word not in fits:
        return f"the purchase is {state}: {', '.join(sorted(fits)) or 'nothing'} may be decided"
    if decision.word not in _ORDERS and not decision.evidence.strip():
        return f"evidence is required for {decision.word}"
    return None
