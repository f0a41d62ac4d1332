"""Timelines on the wire."""

from datetime import datetime
from typing import Literal

from pydantic import ConfigDict

from api.schemas.common import Outbound


class TimelineItem(Outbound):
    """One thing that happened; the members after `kind` depend on it."""

    model_config = ConfigDict(extra="allow")

    at: datetime
    kind: Literal[
        "request", "attempt", "message", "evidence", "transition", "entry", "case", "event"
    ]


class Timeline(Outbound):
    """A session's story, oldest first."""

    object: Literal["timeline"]
    checkout: str
    payment: str
    data: list[TimelineItem]
