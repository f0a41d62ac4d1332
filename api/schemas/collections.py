"""Collections on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from api.schemas.common import PRINTABLE, Inbound, Outbound, Words
from api.schemas.sagas import SagaView
from models.collection_confirmation import Confirming
from models.collection_decisions import AfterReversal, CollectionWord

RING: dict[str, Any] = {"amount": 150_000, "phone": "+254712000001", "account": "000000012"}

_Account = Annotated[
    str,
    StringConstraints(min_length=1, max_length=40, pattern=PRINTABLE, strip_whitespace=True),
]
_Bound = Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units.")]


class RingRequest(Inbound):
    """Have a customer's phone ring to pay into an account of theirs."""

    model_config = ConfigDict(json_schema_extra={"examples": [RING]})

    amount: Annotated[
        StrictInt, Field(ge=100, le=25_000_000, multiple_of=100, description="Whole shillings.")
    ]
    currency: Literal["KES"] = "KES"
    phone: Annotated[str, StringConstraints(min_length=5, max_length=24)]
    account: _Account


class RulesRequest(Inbound):
    """What is turned away before the money moves; left out, nothing is.

    `confirm`: whether M-Pesa is asked about a payment before it is posted.
    """

    reject_unmatched: StrictBool = False
    minimum: _Bound | None = None
    maximum: _Bound | None = None
    confirm: Confirming = Confirming.QUERY


class Rules(Outbound):
    """The rules, and the short code whose addresses are registered at Daraja."""

    object: Literal["collection_rules"]
    reject_unmatched: bool
    minimum: int | None
    maximum: int | None
    confirm: Confirming
    registered_short_code: str | None
    registered_at: datetime | None
    livemode: bool


class Collection(SagaView):
    """A customer's payment on the pay bill."""

    object: Literal["c2b_receipt"]


class CollectionList(Outbound):
    """A page of collections."""

    object: Literal["list"]
    data: list[Collection]
    has_more: bool
    next_cursor: str | None


class DecisionRequest(Inbound):
    """What two people decide about money that waits; `account` for `allocate`."""

    word: CollectionWord
    account: _Account | None = None
    reason: Words


class ReversedRequest(Inbound):
    """M-Pesa took back what was posted: `evidence` says where that is seen."""

    word: AfterReversal = AfterReversal.UNDO
    evidence: Words
    reason: Words
