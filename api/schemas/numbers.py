"""Wire shapes of which rail a number belongs to."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.schemas.common import Words

_Rail = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,31}$")]


class CorrectPrefix(BaseModel):
    """`rail` null: numbers that begin so have none."""

    model_config = ConfigDict(extra="forbid")
    rail: _Rail | None
    reason: Words


class CorrectNumber(BaseModel):
    """`rail` null: the number follows its prefix again."""

    model_config = ConfigDict(extra="forbid")
    phone: str = Field(min_length=6, max_length=32, repr=False)
    rail: _Rail | None
    reason: Words


class Corrected(BaseModel):
    """What holds from now on."""

    object: str
    prefix: str | None = None
    rail: str | None
