"""Wire shapes of what operators do."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StringConstraints

from api.schemas.common import Words
from models.case import CaseWord
from models.suspense_decisions import SuspenseWord
from models.takeback import TakebackKind

#: Something people can see and look up: letters, digits, marks.
_Receipt = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$", strip_whitespace=True
    ),
]


class AskRequest(BaseModel):
    """Have the provider asked now."""

    model_config = ConfigDict(extra="forbid")
    reason: Words


class ResolveRequest(BaseModel):
    """End an unknown payment. `receipt` proves a success."""

    model_config = ConfigDict(extra="forbid")
    outcome: Literal["succeeded", "failed"]
    reason: Words
    evidence: Words
    receipt: _Receipt | None = None


class TakenBack(BaseModel):
    """What was reversed or charged back of a payment, in minor units of its currency.

    `number`: what the provider calls it; the same is recorded once.
    """

    model_config = ConfigDict(extra="forbid")
    kind: TakebackKind
    amount: Annotated[StrictInt, Field(gt=0, le=10**15)]
    number: _Receipt
    reason: Words


class DecideRequest(BaseModel):
    """Decide a case of an ended session."""

    model_config = ConfigDict(extra="forbid")
    decision: CaseWord
    reason: Words


class DecideException(BaseModel):
    """`credit` and `refunded` are about a bank credit in suspense, `dismiss` about the rest.

    `organisation`: whose wallet, where the case is in nobody's name.
    """

    model_config = ConfigDict(extra="forbid")
    decision: SuspenseWord
    organisation: Annotated[str | None, StringConstraints(min_length=5, max_length=40)] = None
    reason: Words
