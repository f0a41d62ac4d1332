"""What was taken back of a payment: by its provider, or by the holder of a card."""

from dataclasses import dataclass
from enum import StrEnum


class TakebackKind(StrEnum):
    """REVERSAL: the provider undid it. CHARGEBACK: its bank gave it back to the card's holder."""

    REVERSAL = "reversal"
    CHARGEBACK = "chargeback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Takeback:
    """Who says what was taken back, and why that is known.

    `amount`: minor units of the payment's currency. `number`: what the provider calls it; the
    same is recorded once.
    """

    payment_id: str
    org_id: str
    livemode: bool
    kind: TakebackKind
    amount: int
    number: str
    actor: str
    approver: str
    reason: str


class TakebackRefused(Exception):
    """It cannot be recorded; the text says why. Nothing was written."""


#: Told to the merchant.
TAKEN_BACK = "payment.taken_back"
