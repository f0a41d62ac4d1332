"""Payment methods on the wire."""

from datetime import datetime
from typing import Literal

from api.schemas.common import Outbound


class MethodLimits(Outbound):
    """What one payment may carry, in minor units; `step` is the smallest unit."""

    currency: str
    minimum: int
    maximum: int
    step: int


class RailHealthShown(Outbound):
    """Where one operation of a provider stands; `state` is one of docs/outages.md."""

    operation: Literal["collect", "payout", "refund"]
    country: str | None
    state: Literal["up", "degraded", "half_open", "open", "maintenance"]
    since: datetime | None
    until: datetime | None
    reason: str | None


class Method(Outbound):
    """A method payers can be asked by; `id` is what `method` takes in a confirmation.

    `available`: a confirmation is taken now. `health`: of each thing the provider does for us.
    """

    id: str
    object: Literal["provider"]
    title: str
    countries: list[str]
    limits: list[MethodLimits]
    available: bool
    health: list[RailHealthShown]


class MethodList(Outbound):
    """Every method there is."""

    object: Literal["list"]
    data: list[Method]
    has_more: bool
    next_cursor: str | None
