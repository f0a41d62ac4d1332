"""Events on the wire."""

from datetime import datetime
from typing import Any, Literal

from api.schemas.common import Outbound


class Event(Outbound):
    """Something that happened to an object; `sequence` counts per object."""

    id: str
    object: Literal["event"]
    type: str
    sequence: int
    data: dict[str, Any]
    livemode: bool
    created_at: datetime


class EventList(Outbound):
    """One page of events, newest first."""

    object: Literal["list"]
    data: list[Event]
    has_more: bool
    next_cursor: str | None
