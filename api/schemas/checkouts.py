"""Checkout sessions on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import (
    Description,
    Inbound,
    MetadataKey,
    MetadataValue,
    Outbound,
    Reference,
    Url,
)
from api.schemas.payments import Payment

PROMPT: dict[str, Any] = {"method": "mpesa", "payer": {"phone": "+254700000000"}}
SESSION: dict[str, Any] = {
    "amount": 125_000,
    "currency": "KES",
    "reference": "order-1042",
    "description": "Two bags of maize",
    "success_url": "https://shop.example/thanks",
    "cancel_url": "https://shop.example/basket",
    "metadata": {"basket": "77"},
    "expires_in": 1800,
}


class Payer(Inbound):
    """Who pays: a phone number, best as +254…"""

    phone: Annotated[str, StringConstraints(min_length=5, max_length=24)]


class ConfirmCheckout(Inbound):
    """How the payer pays: `method` is a name of GET /v1/providers.

    `when_down`: should the method not answer now, `refuse` offers others, and `queue` lets the
    attempt wait unsent until it does (ask the payer first). It waits until `expires_at`.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PROMPT]})

    method: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{2,32}$")]
    payer: Payer
    when_down: Literal["refuse", "queue"] = "refuse"


class CreateCheckout(Inbound):
    """A session. With `confirm` the payer's phone rings at once: a pay-in in one request."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{**SESSION, "confirm": PROMPT}, SESSION]}
    )

    amount: Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units: KES cents.")]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    reference: Annotated[Reference, Field(description="Your order number, unique per payment.")]
    description: Description = ""
    success_url: Url | None = None
    cancel_url: Url | None = None
    metadata: Annotated[
        dict[MetadataKey, MetadataValue], Field(max_length=50, default_factory=dict)
    ]
    expires_in: Annotated[StrictInt, Field(ge=60, le=604_800, description="Seconds.")] | None = None
    expires_at: AwareDatetime | None = None
    confirm: ConfirmCheckout | None = None


class Warned(Outbound):
    """Something odd that was let pass."""

    code: str
    detail: str
    payment: str


class Checkout(Outbound):
    """A checkout session. `outcome` tells whether money may have moved.

    `url` is a page on which the payer chooses a method and pays: send it to nobody else.
    """

    id: str
    object: Literal["checkout"]
    status: Literal["open", "processing", "complete", "expired", "canceled"]
    outcome: Literal["none", "unknown", "done"]
    amount: int
    currency: str
    reference: str
    description: str
    success_url: str | None
    cancel_url: str | None
    url: str
    metadata: dict[str, str]
    expires_at: datetime
    cancel_requested: bool
    payment: Payment
    warnings: list[Warned]
    livemode: bool
    created_at: datetime
    updated_at: datetime


class CheckoutList(Outbound):
    """One page of sessions, newest first."""

    object: Literal["list"]
    data: list[Checkout]
    has_more: bool
    next_cursor: str | None
