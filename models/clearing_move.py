"""What the saga of a clearing move is told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.money import Money
from models.places import Origin, Place
from models.saga import SagaRef

WORKFLOW = "clearing-move"
#: Update: a treasurer says that it arrived, or came back.
CONCLUDE = "conclude"
#: The rail of its one instruction.
TRANSFER = "ncba_clearing"
#: Seconds somebody has to allow it; and after which one that has not arrived is a case.
ALLOWED_WITHIN, OVERDUE_AFTER = 72 * 3600.0, 24 * 3600.0
#: Seconds between two looks at the statement of the account it goes to; the last is repeated.
LOOKS_EVERY = (60.0, 300.0, 900.0, 3600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingOrder:
    """One move. `reference` is ours: where it arrives it stands in the words of the transfer.

    `to_account`: the account at our bank the transfer goes to; None: people move it by hand.
    `watched`: the account's statement is looked at for it.
    """

    saga: SagaRef
    amount: Money
    origin: Origin
    destination: Place
    reference: str
    maker: str
    expires_at: datetime
    to_account: str | None = None
    watched: bool = False
    overdue: float = OVERDUE_AFTER
    wait_scale: float = 1.0


class ClearingWord(StrEnum):
    """What a treasurer has seen."""

    ARRIVED = "arrived"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingSeen:
    """What somebody saw at the other end, or back at this one. `receipt`: its number there.

    `amount`: what came; less than was sent is a cost of ours.
    """

    word: ClearingWord
    actor: str
    amount: Money
    evidence: str
    receipt: str | None = None


def against(seen: ClearingSeen, order: ClearingOrder) -> str | None:
    """Why this word is not taken; None when it is."""
    if seen.actor == order.maker:
        return "whoever asked for the move does not confirm it"
    if seen.amount.currency != order.amount.currency:
        return f"the move is in {order.amount.currency}"
    if not 0 < seen.amount.minor <= order.amount.minor:
        return f"between 1 and {order.amount.minor} minor units were sent"
    if seen.word is ClearingWord.ARRIVED and order.destination.kind == "bank" and not seen.receipt:
        return "name the bank's own reference as receipt: its statement shows the same money"
    if seen.word is ClearingWord.RETURNED and seen.amount != order.amount:
        return "what came back is the whole move, or it has arrived short"
    return None
