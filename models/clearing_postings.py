"""Money of a clearing move, as a step carries it; ledger/rules_clearing.py makes the entries."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from models.money import Money
from models.places import Origin, Place, ReceiptClaim


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingSent:
    """It left; `{move}/sent`."""

    move_id: str
    amount: Money
    origin: Origin
    destination: Place
    kind: Literal["clearing_sent"] = "clearing_sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingArrived:
    """`came` of it is there, and the rest is a cost; `{move}/arrived`."""

    move_id: str
    amount: Money
    came: Money
    origin: Origin
    destination: Place
    receipt: ReceiptClaim | None = None
    kind: Literal["clearing_arrived"] = "clearing_arrived"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearingReturned:
    """It came back whole: the entry of its leaving turned round; `{move}/returned`."""

    move_id: str
    amount: Money
    origin: Origin
    destination: Place
    receipt: ReceiptClaim | None = None
    kind: Literal["clearing_returned"] = "clearing_returned"


ClearingPosting: TypeAlias = ClearingSent | ClearingArrived | ClearingReturned
