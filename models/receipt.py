"""A payer's receipt: one per payment or refund, numbered by its merchant without gaps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from models import ids
from models.messages import Language, Notice
from models.money import Money

_EVENTS = {"payment": "payment_receipt", "refund": "refund_receipt"}
_PREFIXES = {"payment": ids.PAYMENT, "refund": ids.REFUND}


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """Who a merchant is to its payers. Without a profile there is its name and nothing else.

    `return_key` counts the keys its returns are signed with.
    """

    name: str
    complaint_phone: str | None = None
    complaint_email: str | None = None
    complaint_url: str | None = None
    languages: tuple[Language, ...] = tuple(Language)
    return_key: int = 1

    @property
    def contact(self) -> str | None:
        """Where a payer complains: the first way that is known."""
        return self.complaint_phone or self.complaint_email or self.complaint_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`about` is the payment or the refund. `fee` is what the payer was charged on top."""

    id: UUID
    number: int
    kind: Literal["payment", "refund"]
    about: UUID
    payment_id: UUID
    amount: Money
    fee: Money
    rail: str
    rail_receipt: str | None
    at: datetime

    @property
    def shown(self) -> str:
        """The number as people read it to each other."""
        return f"{self.number:06d}"


def receipt_notice(
    receipt: Receipt,
    merchant: Merchant,
    *,
    rail: str,
    to_phone: str | None = None,
    to_email: str | None = None,
    language: Language | None = None,
) -> Notice:
    """What the payer is told, once per receipt. `rail` is its title."""
    about = ids.shown(_PREFIXES[receipt.kind], receipt.about)
    facts = {
        "number": receipt.shown,
        "merchant": merchant.name,
        "amount": str(receipt.amount),
        "fee": str(receipt.fee),
        "rail": rail,
        "rail_receipt": receipt.rail_receipt or "",
        "contact": merchant.contact or "",
    }
    return Notice(
        event=_EVENTS[receipt.kind],
        key=f"{about}/receipt",
        about=about,
        to_phone=to_phone,
        to_email=to_email,
        language=language,
        facts=facts,
    )


def failure_notice(
    merchant: Merchant,
    amount: Money,
    *,
    about: str,
    to_phone: str | None = None,
    to_email: str | None = None,
    language: Language | None = None,
) -> Notice:
    """What the payer is told when the payment ended and nothing was paid, once per payment."""
    return Notice(
        event="payment_failed",
        key=f"{about}/failed",
        about=about,
        to_phone=to_phone,
        to_email=to_email,
        language=language,
        facts={
            "merchant": merchant.name,
            "amount": str(amount),
            "contact": merchant.contact or "",
        },
    )
