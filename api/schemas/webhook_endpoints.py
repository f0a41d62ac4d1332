"""Webhook endpoints on the wire: what merchants send us about them, and what we show."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.schemas.common import PRINTABLE
from models import ids
from models.event_types import EVENT_TYPES
from models.moments import moment

#: Longest range one replay covers.
REPLAY_SPAN = timedelta(days=31)


def _types(types: list[str]) -> list[str]:
    for name in types:
        if name != "*" and name not in EVENT_TYPES:
            known = ", ".join(sorted(EVENT_TYPES))
            raise ValueError(f"{name[:40]!r} is not an event type; use * or some of {known}")
    return sorted(set(types))


EventTypes = Annotated[
    list[str],
    Field(min_length=1, max_length=50, examples=[["payment.succeeded", "payment.canceled"]]),
    AfterValidator(_types),
]
Url = Annotated[str, Field(max_length=2048, examples=["https://shop.example/webhooks"])]
Description = Annotated[str, Field(max_length=500, pattern=PRINTABLE)]


class _Inbound(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EndpointRequest(_Inbound):
    """A new endpoint."""

    url: Url
    description: Description = ""
    event_types: EventTypes = ["*"]


class EndpointChange(_Inbound):
    """What to change; a member left out stays as it is. `enabled: true` also forgives."""

    url: Url | None = None
    description: Description | None = None
    event_types: EventTypes | None = None
    enabled: bool | None = None


class ReplayRequest(_Inbound):
    """One event by id, or all the endpoint wants between two moments (31 days at most)."""

    event: Annotated[str | None, Field(examples=["evt_01k9zq3v7e8x0000000000000a"])] = None
    since: Annotated[datetime | None, Field(alias="from")] = None
    until: Annotated[datetime | None, Field(alias="to")] = None

    @model_validator(mode="after")
    def _one_or_range(self) -> "ReplayRequest":
        if (self.event is None) == (self.since is None):
            raise ValueError("send `event`, or `from` (with `to` if it should end before now)")
        if self.event is not None and self.until is not None:
            raise ValueError("`to` belongs to a range")
        for when in (self.since, self.until):
            if when is not None and when.tzinfo is None:
                raise ValueError("a time needs its zone, as in 2026-11-21T10:00:00Z")
        if self.since and self.until and not timedelta() < self.until - self.since <= REPLAY_SPAN:
            raise ValueError("`to` must be after `from`, by 31 days at most")
        return self


class EndpointView(BaseModel):
    """An endpoint as shown; `secret` only in the answer that made it."""

    id: str
    object: Literal["webhook_endpoint"] = "webhook_endpoint"
    url: str
    description: str
    event_types: list[str]
    state: Literal["enabled", "disabled"]
    disabled_reason: str | None
    failing_since: datetime | None
    livemode: bool
    created_at: datetime
    updated_at: datetime


class EndpointWithSecret(EndpointView):
    """Shown once: Kauri keeps the secret sealed and does not show it again."""

    secret: Annotated[str, Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])]


class AttemptView(BaseModel):
    """One try and its answer."""

    at: datetime
    status: int | None
    error: str | None
    duration_ms: int
    response_excerpt: str | None


DeliveryState = Literal["pending", "delivered", "exhausted"]


class DeliveryView(BaseModel):
    """One event on its way to one endpoint, with every try."""

    object: Literal["webhook_delivery"] = "webhook_delivery"
    event: str
    type: str
    sequence: int
    state: DeliveryState
    tries: int
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    attempts: list[AttemptView]


class EndpointList(BaseModel):
    """Endpoints, the newest first; `next_cursor` is the next `starting_after`."""

    object: Literal["list"] = "list"
    data: list[EndpointView]
    has_more: bool
    next_cursor: str | None


class DeliveryList(BaseModel):
    """Deliveries, the newest event first."""

    object: Literal["list"] = "list"
    data: list[DeliveryView]
    has_more: bool
    next_cursor: str | None


class ReplayView(BaseModel):
    """How many messages go out again."""

    object: Literal["webhook_replay"] = "webhook_replay"
    count: int


class TestView(BaseModel):
    """The event that was made to try the endpoint out."""

    object: Literal["webhook_test"] = "webhook_test"
    event: str


def delivery_object(row: Mapping[str, Any], tries: list[Mapping[str, Any]]) -> dict[str, Any]:
    """A delivery row with its log."""
    return {
        "object": "webhook_delivery",
        "event": ids.shown(ids.EVENT, row["event_id"]),
        "type": row["type"],
        "sequence": row["sequence"],
        "state": row["state"],
        "tries": row["tries"],
        "next_at": moment(row["next_at"]) if row["state"] == "pending" else None,
        "created_at": moment(row["created_at"]),
        "delivered_at": moment(row["delivered_at"]),
        "attempts": [_attempt_object(one) for one in tries],
    }


def _attempt_object(row: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: row[name] for name in ("status", "error", "duration_ms", "response_excerpt")}
    return {"at": moment(row["at"]), **shown}
