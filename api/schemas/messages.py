"""Messages on the wire: never what they say, never the whole address."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from api.schemas.common import Inbound, Outbound
from models.messages import Language


class Message(Outbound):
    """One message to one person on one channel."""

    id: str
    object: Literal["message"]
    event: str
    channel: Literal["sms", "email"]
    language: str
    to: str
    about: str
    status: Literal["queued", "sending", "submitted", "delivered", "failed", "unknown", "expired"]
    gateway: str | None
    code: str | None
    segments: int
    tries: int
    livemode: bool
    expires_at: datetime
    submitted_at: datetime | None
    created_at: datetime
    updated_at: datetime


class MessageList(Outbound):
    """One page of messages, newest first."""

    object: Literal["list"]
    data: list[Message]
    has_more: bool
    next_cursor: str | None


class MessageCount(Outbound):
    """How many messages of one event stand where, by gateway; `segments` is what was billed."""

    event: str
    channel: Literal["sms", "email"]
    gateway: str | None
    status: str
    messages: int
    segments: int


class MessageReport(Outbound):
    """Messages created from `from` up to, not including, `to`."""

    object: Literal["message_report"]
    from_: datetime = Field(alias="from")
    to: datetime
    data: list[MessageCount]


class LanguagesRequest(Inbound):
    """In which language your people are written to, and your clients; left out, the same."""

    people: Language
    clients: Language | None = None


class LanguagesView(Outbound):
    """The languages of messages."""

    object: Literal["message_languages"]
    people: Language
    clients: Language
    livemode: bool
