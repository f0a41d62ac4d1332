"""Float purchases on the wire."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import PRINTABLE, Inbound, Outbound, Reference, Words
from api.schemas.sagas import SagaView

EXAMPLE: dict[str, Any] = {
    "amount": 5_000_000,
    "currency": "KES",
    "reference": "float-2026-11-21",
    "approver": "usr_01jd3m4n5p6q7r8s9t0v1w2x3y",
}


class CreateFloatPurchase(Inbound):
    """Float for the short code loans are paid from. `approver` is sent a one-time code."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    amount: Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units of float.")]
    currency: Literal["KES"] = "KES"
    reference: Reference
    approver: Annotated[str, StringConstraints(min_length=5, max_length=40)]
    short_code: Annotated[str | None, StringConstraints(pattern=r"^[0-9]{5,7}$")] = None


class CodeRequest(Inbound):
    """The six digits the approver was sent."""

    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class FloatDecisionRequest(Inbound):
    """What becomes of money that bought no float, or of float that is not where it should be.

    In state `float_refused`: retry, return; `in_working`: moved, move; `not_seen`: seen,
    seen_in_working, not_bought. What is said of the bank or of M-Pesa needs `evidence`.
    """

    decision: Literal["retry", "return", "moved", "move", "seen", "seen_in_working", "not_bought"]
    reason: Words
    evidence: Annotated[str, StringConstraints(max_length=500, pattern=PRINTABLE)] = ""


class FloatPurchase(SagaView):
    """A float purchase. Amounts are minor units; `total` is what the wallet pays."""

    object: Literal["float_purchase"]


class FloatPurchaseList(Outbound):
    """A page of float purchases."""

    object: Literal["list"]
    data: list[FloatPurchase]
    has_more: bool
    next_cursor: str | None
