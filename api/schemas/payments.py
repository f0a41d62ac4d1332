"""Payments on the wire (rendered by models.events)."""

from datetime import datetime
from typing import Literal

from api.schemas.common import Outbound


class Attempt(Outbound):
    """One instruction to a provider; the payer is masked."""

    id: str
    object: Literal["attempt"]
    number: int
    method: str
    state: str
    payer: str
    our_reference: str | None
    provider_reference: str | None
    receipt: str | None
    reason: str | None


class NextAction(Outbound):
    """Send the payer to `url`, in a browser or app of its own, not in a frame."""

    type: Literal["redirect"]
    url: str


class Payment(Outbound):
    """A payment. While `status` is unknown, `guidance` says do_not_retry.

    `next_action`: the page the payer has to open; null where the payer's phone rings.
    `amount_taken_back`: what the provider reversed, or the bank of a card charged back.
    """

    id: str
    object: Literal["payment"]
    status: Literal[
        "requires_payment_method",
        "requires_action",
        "processing",
        "unknown",
        "succeeded",
        "canceled",
        "reversed",
    ]
    final: bool
    needs_review: bool
    guidance: Literal["do_not_retry"] | None
    next_action: NextAction | None
    next_check_at: datetime | None
    amount: int
    currency: str
    amount_received: int
    amount_refunded: int
    amount_taken_back: int
    reference: str
    checkout: str
    latest_attempt: Attempt | None
    livemode: bool
    created_at: datetime
    updated_at: datetime


class PaymentList(Outbound):
    """One page of payments, newest first."""

    object: Literal["list"]
    data: list[Payment]
    has_more: bool
    next_cursor: str | None
