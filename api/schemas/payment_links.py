"""Payment links and the merchant's public profile on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import PRINTABLE, Description, Inbound, Outbound, Url
from models.messages import Language

Minor = Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units: KES cents.")]
LINK: dict[str, Any] = {
    "amount": 50_000,
    "currency": "KES",
    "reference": "maize-2026",
    "description": "One bag of maize",
    "uses": "many",
}
PROFILE: dict[str, Any] = {
    "name": "Duka la Amina",
    "complaint_phone": "+254 711 000 111",
    "languages": ["sw", "en"],
}
_Line = StringConstraints(min_length=1, max_length=80, pattern=PRINTABLE)


class CreateLink(Inbound):
    """A link to send or to print. Without `amount` the payer says how much.

    `smallest` and `largest` bound what a payer may say. `uses`: `single` for one payment, `many`
    for one each time it is opened. Payments carry `reference`, with a number from the second on.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [LINK]})

    amount: Minor | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    smallest: Minor | None = None
    largest: Minor | None = None
    reference: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=PRINTABLE)]
    description: Description = ""
    uses: Literal["single", "many"] = "single"
    expires_at: AwareDatetime | None = None
    success_url: Url | None = None
    cancel_url: Url | None = None


class PaymentLink(Outbound):
    """A payment link. `used` counts the sessions it made; `url` is what payers open."""

    id: str
    object: Literal["payment_link"]
    url: str
    active: bool
    amount: int | None
    currency: str
    smallest: int | None
    largest: int | None
    reference: str
    description: str
    uses: Literal["single", "many"]
    used: int
    expires_at: datetime | None
    success_url: str | None
    cancel_url: str | None
    livemode: bool
    created_at: datetime
    updated_at: datetime


class PaymentLinkList(Outbound):
    """One page of links, newest first."""

    object: Literal["list"]
    data: list[PaymentLink]
    has_more: bool
    next_cursor: str | None


class ProfileRequest(Inbound):
    """What your payers read about you. Name at least one way to complain.

    `languages`: of your pages; the first where the payer's browser asks for none of them.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PROFILE]})

    name: Annotated[str, _Line]
    complaint_phone: Annotated[str, _Line] | None = None
    complaint_email: Annotated[str, _Line] | None = None
    complaint_url: Url | None = None
    languages: Annotated[list[Language], Field(min_length=1, max_length=3)] = Field(
        default_factory=lambda: list(Language)
    )


class Profile(Outbound):
    """Who you are to your payers."""

    object: Literal["profile"]
    name: str
    complaint_phone: str | None
    complaint_email: str | None
    complaint_url: str | None
    languages: list[Language]
    livemode: bool


class ReturnSecret(Outbound):
    """The key of signed returns. Keep it on your server."""

    object: Literal["return_secret"]
    secret: str
    number: int
    livemode: bool
