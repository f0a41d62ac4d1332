"""The house's floats and the moves between them, on the wire."""

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import PRINTABLE, Inbound, Outbound
from api.schemas.sagas import SagaView

Part = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./-]{0,40}$")]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]{6,20}$")]
Words = Annotated[str, StringConstraints(min_length=3, max_length=140, pattern=PRINTABLE)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Minor = Annotated[StrictInt, Field(gt=0, le=10**15, description="Minor units.")]

TOP_UP: dict[str, Any] = {
    "origin": {"kind": "bank", "bank": "ncba", "account": "7744510018"},
    "destination": {"kind": "wallet", "provider": "wave", "wallet": "collections"},
    "amount": 5_000_000,
    "currency": "KES",
    "reason": "float for Monday's payouts",
}


class BankPlace(Inbound):
    """An account of ours at a bank."""

    kind: Literal["bank"]
    bank: Part
    account: Digits


class WalletPlace(Inbound):
    """A wallet of ours at a provider."""

    kind: Literal["wallet"]
    provider: Part
    wallet: Part = "collections"


class CapitalPlace(Inbound):
    """The house's own money, put in from outside the books."""

    kind: Literal["capital"]


class CreateMove(Inbound):
    """Money of ours from one place to another; somebody else has to allow it.

    `to_account`: the account at our bank a transfer goes to. Without it people move it by hand,
    and write the move's `reference` with it.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [TOP_UP]})

    origin: Annotated[BankPlace | WalletPlace | CapitalPlace, Field(discriminator="kind")]
    destination: Annotated[BankPlace | WalletPlace, Field(discriminator="kind")]
    amount: Minor
    currency: Currency
    reason: Words
    to_account: Digits | None = None


class MoveWord(Inbound):
    """Why a move is allowed, or not."""

    reason: Words


class MoveSeen(Inbound):
    """What was seen: `amount` where less came than was sent, and the number it has there."""

    evidence: Words
    amount: Minor | None = None
    receipt: Annotated[str | None, StringConstraints(pattern=r"^[\x21-\x7e]{1,64}$")] = None


class Move(SagaView):
    """A clearing move: where from, where to, who allowed it, and what arrived."""

    object: Literal["clearing_move"]


class MoveList(Outbound):
    """A page of moves."""

    object: Literal["list"]
    data: list[Move]
    has_more: bool
    next_cursor: str | None
