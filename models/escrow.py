"""An escrow: a payer's money kept apart until it is released or given back."""

from enum import StrEnum


class EscrowState(StrEnum):
    """`closed`: in the end part was released and part refunded. A dispute freezes everything."""

    CREATED = "created"
    FUNDED = "funded"
    PARTLY_RELEASED = "partly_released"
    PARTLY_REFUNDED = "partly_refunded"
    DISPUTED = "disputed"
    RELEASED = "released"
    REFUNDED = "refunded"
    CLOSED = "closed"
    CANCELED = "canceled"


_E = EscrowState
_OPEN = frozenset({_E.PARTLY_RELEASED, _E.PARTLY_REFUNDED, _E.DISPUTED})
_ENDS = frozenset({_E.RELEASED, _E.REFUNDED, _E.CLOSED})

MOVES: dict[str, frozenset[str]] = {
    _E.CREATED: frozenset({_E.FUNDED, _E.CANCELED}),
    _E.FUNDED: _OPEN | _ENDS,
    _E.PARTLY_RELEASED: _OPEN | _ENDS,
    _E.PARTLY_REFUNDED: _OPEN | _ENDS,
    _E.DISPUTED: _OPEN | _ENDS | {_E.FUNDED},
    _E.RELEASED: frozenset(),
    _E.REFUNDED: frozenset(),
    _E.CLOSED: frozenset(),
    _E.CANCELED: frozenset(),
}
