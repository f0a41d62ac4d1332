"""What a payout's workflow asks its activities, and what it is told. Pure."""

from dataclasses import dataclass
from datetime import datetime

from models.payout_order import PayoutOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutCall:
    """One instruction of a payout. `number` from 1; `first_sent_at`: when it first left.

    `sends` counts its sendings from 0; `state`: where the saga stood when it was decided.
    `handle`: what the provider calls it, once it told.
    """

    order: PayoutOrder
    number: int
    first_sent_at: datetime
    sends: int = 0
    state: str = ""
    handle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderLook:
    """What the provider says about the payee; None: it does not say. The name stays in its row."""

    active: bool | None = None
    named: bool = False
    matches: bool | None = None
    within_limits: bool | None = None
