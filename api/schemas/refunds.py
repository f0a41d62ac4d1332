"""Refunds on the wire."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import Description, Inbound, Outbound, Reference
from api.schemas.sagas import SagaView

PART: dict[str, Any] = {
    "payment": "pay_01jd2m6t9v8r7q6p5n4m3k2j1h",
    "amount": 40_000,
    "reason": "one of two items returned",
    "reference": "return-981",
}


class CreateRefund(Inbound):
    """Without an amount all that is left of the payment goes back.

    `via` native is refused where the rail cannot give it back; payout sends money to the payer's
    number, and a second person has to allow it. Without `via` the rail decides.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [PART]})

    payment: Annotated[str, StringConstraints(min_length=5, max_length=40)]
    amount: Annotated[StrictInt | None, Field(gt=0, le=10**15, description="Minor units.")] = None
    currency: Annotated[str | None, StringConstraints(pattern=r"^[A-Z]{3}$")] = None
    reason: Description | None = None
    reference: Reference | None = None
    via: Literal["native", "payout"] | None = None


class Refund(SagaView):
    """A refund. `fee_returned` is what of our fee went back to the merchant, in minor units.

    `failure` says why it failed or was given up. `case`: it gives back money that was never
    captured, by the decision of two operators.
    """

    object: Literal["refund"]
    payment: str
    method: str
    via: Literal["native", "payout"]
    case: str | None = None
    fee_returned: int
    reason: str | None
    failure: str | None
    receipt: str | None


class RefundList(Outbound):
    """A page of refunds."""

    object: Literal["list"]
    data: list[Refund]
    has_more: bool
    next_cursor: str | None
