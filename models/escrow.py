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
_PARTLY = frozenset({_E.PARTLY_RELEASED, _E.PARTLY_REFUNDED})
_ENDS = frozenset({_E.RELEASED, _E.REFUNDED, _E.CLOSED})
#: Money is in it, and may be released or refunded.
HOLDING: frozenset[str] = _PARTLY | {_E.FUNDED}

MOVES: dict[str, frozenset[str]] = {
    _E.CREATED: frozenset({_E.FUNDED, _E.CANCELED}),
    _E.FUNDED: _PARTLY | _ENDS | {_E.DISPUTED},
    _E.PARTLY_RELEASED: _PARTLY | _ENDS | {_E.DISPUTED},
    _E.PARTLY_REFUNDED: _ENDS | {_E.DISPUTED},
    _E.DISPUTED: _PARTLY | _ENDS | {_E.FUNDED},
    _E.RELEASED: frozenset(),
    _E.REFUNDED: frozenset(),
    _E.CLOSED: frozenset(),
    _E.CANCELED: frozenset(),
}
