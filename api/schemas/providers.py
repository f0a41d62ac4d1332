"""Payment methods on the wire."""

from typing import Literal

from api.schemas.common import Outbound


class MethodLimits(Outbound):
    """What one payment may carry, in minor units; `step` is the smallest unit."""

    currency: str
    minimum: int
    maximum: int
    step: int


class Method(Outbound):
    """A method payers can be asked by; `id` is what `method` takes in a confirmation."""

    id: str
    object: Literal["provider"]
    title: str
    countries: list[str]
    limits: list[MethodLimits]


class MethodList(Outbound):
    """Every method there is."""

    object: Literal["list"]
    data: list[Method]
    has_more: bool
    next_cursor: str | None
