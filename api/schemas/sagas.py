"""Sagas of the vault on the wire: what every kind shows, and its story."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

from api.schemas.common import Outbound


class SagaView(Outbound):
    """What every saga shows; each kind adds members of its own."""

    model_config = ConfigDict(extra="allow")

    id: str
    object: str
    livemode: bool
    status: str
    amount: int | None
    currency: str | None
    reference: str | None
    needs_review: bool
    next_check_at: datetime | None
    created_at: datetime
    updated_at: datetime


class SagaTimelineItem(Outbound):
    """One thing that happened; the members after `kind` depend on it."""

    model_config = ConfigDict(extra="allow")

    at: datetime
    kind: Literal[
        "instruction", "message", "evidence", "transition", "entry", "case", "event", "notice"
    ]


class SagaTimeline(Outbound):
    """A saga's story, oldest first; the member named after its kind holds its id."""

    model_config = ConfigDict(extra="allow")

    object: Literal["timeline"]
    data: list[SagaTimelineItem]
