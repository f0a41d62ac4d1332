"""Wire shapes of what operators do."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from models.case import CaseWord

_Words = Field(min_length=3, max_length=500)


class AskRequest(BaseModel):
    """Have the provider asked now."""

    model_config = ConfigDict(extra="forbid")
    reason: str = _Words


class ResolveRequest(BaseModel):
    """End an unknown payment. `receipt` proves a success."""

    model_config = ConfigDict(extra="forbid")
    outcome: Literal["succeeded", "failed"]
    reason: str = _Words
    evidence: str = _Words
    receipt: str | None = Field(default=None, max_length=64)


class DecideRequest(BaseModel):
    """Decide a case of an ended session."""

    model_config = ConfigDict(extra="forbid")
    decision: CaseWord
    reason: str = _Words
