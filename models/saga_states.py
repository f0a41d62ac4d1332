"""Which moves each kind of saga knows, and which states end it. One table per kind."""

from collections.abc import Mapping

from models import (
    clearing,
    collection,
    escrow,
    float_purchase,
    loan,
    payout_batch,
    payout_states,
    refund,
    topup,
)
from models.saga import SagaKind

_TAKEN_BACK = frozenset({"reversed", "reversal_review"})
#: Money that was paid and came back; a clearing move or a float purchase returns on its way.
_BOUNCED = {SagaKind.PAYOUT: frozenset({"returned"})}

Moves = Mapping[str, frozenset[str]]

MOVES: Mapping[SagaKind, Moves] = {
    SagaKind.LOAN: loan.MOVES,
    SagaKind.TOPUP: topup.MOVES,
    SagaKind.FLOAT: float_purchase.MOVES,
    SagaKind.COLLECTION: collection.MOVES,
    SagaKind.REFUND: refund.MOVES,
    SagaKind.PAYOUT: payout_states.MOVES,
    SagaKind.BATCH: payout_batch.MOVES,
    SagaKind.ESCROW: escrow.MOVES,
    SagaKind.CLEARING: clearing.MOVES,
}


def final(kind: SagaKind, state: str) -> bool:
    """True when the state leads nowhere by itself (a reversal or a bounce may still come)."""
    return MOVES[kind][state] <= _TAKEN_BACK | _BOUNCED.get(kind, frozenset())


def allowed(kind: SagaKind, old: str, new: str) -> bool:
    """True when the table of the kind holds the move; staying is always allowed."""
    return old == new or new in MOVES[kind].get(old, frozenset())
