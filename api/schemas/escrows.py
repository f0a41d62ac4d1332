"""Escrows on the wire."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.checkouts import PROMPT, SESSION, CreateCheckout
from api.schemas.common import Inbound, Outbound, Words
from api.schemas.sagas import SagaView
from models.escrow import EscrowState

_Part = Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units.")]
#: What proves a delivery: words, or where a document lies. Kept sealed.
_Proof = Annotated[str, StringConstraints(min_length=3, max_length=2_000, strip_whitespace=True)]


class ReleaseTerms(Inbound):
    """How the money is released: by proof, by the customer, by itself, or by several of them."""

    after: Annotated[
        StrictInt | None, Field(ge=60, le=31_536_000, description="Seconds after it was paid.")
    ] = None
    on_proof: bool = True
    on_confirmation: bool = False


class CreateEscrow(CreateCheckout):
    """An escrow and its checkout: what is paid is kept until it is released or refunded."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{**SESSION, "confirm": PROMPT, "release": {"after": 604_800}}]
        }
    )

    release: ReleaseTerms = ReleaseTerms()


class ReleaseRequest(Inbound):
    """Release a part, or all that is left, by `proof` of delivery."""

    amount: _Part | None = None
    proof: _Proof


class EscrowRefundRequest(Inbound):
    """Give a part, or all that is left, back to the payer."""

    amount: _Part | None = None
    reason: Words


class DisputeRequest(Inbound):
    """Freeze what is left until two people decide."""

    reason: Words


class DecideRequest(Inbound):
    """What becomes of all that is left: the two parts are its sum; both zero, and it goes on."""

    release: Annotated[StrictInt, Field(ge=0, le=10**15)]
    refund: Annotated[StrictInt, Field(ge=0, le=10**15)]
    reason: Words


class Escrow(SagaView):
    """An escrow. `confirm_url` is for the customer alone: whoever has it may release."""

    object: Literal["escrow"]
    status: EscrowState
    checkout: str
    payment: str
    funded: int
    released: int
    refunded: int
    refunding: int
    release_after: int | None
    release_at: str | None
    on_proof: bool
    on_confirmation: bool
    confirm_url: str | None


class EscrowList(Outbound):
    """A page of escrows."""

    object: Literal["list"]
    data: list[Escrow]
    has_more: bool
    next_cursor: str | None


class EscrowPartView(Outbound):
    """A part that leaves, by whom: proof, customer, timer, merchant or dispute decided it.

    `takeback`: reversed or charged back, written down by `operators`.
    """

    number: int
    kind: Literal["release", "refund", "takeback"]
    amount: int
    by: Literal["proof", "customer", "timer", "merchant", "dispute", "operators"]
    actor: str
    note: str | None
    refund: str | None
    status: Literal["decided", "done", "returned"]
    created_at: str


class EscrowPartList(Outbound):
    """All parts of an escrow, in order."""

    object: Literal["list"]
    data: list[EscrowPartView]


class CustomerEscrow(Outbound):
    """What the customer sees of it."""

    object: Literal["escrow"]
    status: EscrowState
    merchant: str
    reference: str | None
    amount: int
    currency: str
    funded: int
    left: int
    may_confirm: bool
    may_dispute: bool
