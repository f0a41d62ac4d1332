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
    """True when the state leads nowhere by itself (a reversal may still come)."""
    return MOVES[kind][state] <= {"reversed", "reversal_review"}


def allowed(kind: SagaKind, old: str, new: str) -> bool:
    """True when the table of the kind holds the move; staying is always allowed."""
    return old == new or new in MOVES[kind].get(old, frozenset())
