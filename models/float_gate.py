"""The gate of a float: money is reserved before it is sent, so that no float is overspent. Pure.

Reserve before the call leaves, with an id that names this sending for ever; end it after the
ledger's entry of the outcome is committed, never before: reserved twice for a moment is safe,
not reserved is not.
"""

from dataclasses import dataclass
from enum import StrEnum

from models.money import Money
from models.places import Place
from models.saga import SagaRef

#: What a request (`models.saga.REQUESTED`) says in `why` when money has come for who waited.
FLOAT_CAME = "float_came"
#: The wallet of a provider that collections land in and payouts leave from, as the ledger names it.
COLLECTIONS = "collections"


class Gate(StrEnum):
    """GRANTED: go. SHORT, CLOSED: wait for FLOAT_CAME, or ask again. ENDED: it is over already."""

    GRANTED = "granted"
    SHORT = "short"
    CLOSED = "closed"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatAsk:
    """A reservation. `id` names one sending: an instruction, or `{instruction}/{sending}`.

    `saga` is woken when money comes. `place`: the wallet or bank account it leaves from.
    """

    id: str
    saga: SagaRef
    place: Place
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatAnswer:
    """`room`: what the float has left for others, below zero when it is overspent."""

    gate: Gate
    room: Money

    @property
    def granted(self) -> bool:
        """True when the money may be sent."""
        return self.gate is Gate.GRANTED


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatEnd:
    """The reservation is over. `spent`: the money left the float."""

    id: str
    saga: SagaRef
    spent: bool
