"""Messages to people: what is said, how it is tried, and when we stop. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from models.delivery import DeliveryTotals

WORKFLOW = "message-delivery"


class Language(StrEnum):
    """The languages every message is written in."""

    ENGLISH = "en"
    FRENCH = "fr"
    SWAHILI = "sw"


class Channel(StrEnum):
    """How a message travels."""

    SMS = "sms"
    EMAIL = "email"


class MessageClass(StrEnum):
    """What a message is for; each class has its policy."""

    OTP = "otp"
    RECEIPT = "receipt"
    ALERT = "alert"


class MessageState(StrEnum):
    """SUBMITTED: a gateway took it. UNKNOWN: it may have gone and is not sent again.

    EXPIRED: it never went, and it is too late now.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SUBMITTED = "submitted"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Languages:
    """What a partner chose: for its own people, and for its clients."""

    people: Language = Language.ENGLISH
    clients: Language = Language.ENGLISH


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something to tell somebody, once per `key`, by phone, by e-mail, or by both at once.

    `language` None: the one its partner chose for whoever is told. `facts` fill the event's
    template. `about` is the public id it concerns; without one it is the beginning of `key`. Facts
    and addresses never print.
    """

    event: str
    key: str
    language: Language | None = None
    to_phone: str | None = field(default=None, repr=False)
    to_email: str | None = field(default=None, repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    about: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCopy:
    """The notice on one channel. `fault`: why it cannot be told; then there is no body."""

    channel: Channel
    to_sealed: bytes
    to_lookup: bytes
    to_masked: str
    body_sealed: bytes | None
    subject_sealed: bytes | None = None
    segments: int = 0
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedMessage:
    """A notice, rendered and sealed, ready to be written in the step's transaction."""

    org: UUID
    livemode: bool
    event: str
    key: str
    about: str
    language: Language
    message_class: MessageClass
    copies: tuple[SealedCopy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessagePolicy:
    """How one class is tried.

    `lifetime`: not sent after that. `pauses`: before each further try when nothing was sent.
    `resends`: how often it may go out again although it may have gone: possible duplicates.
    `resend_pause`: before such a resend; zero: with the next gateway at once.
    """

    lifetime: timedelta
    pauses: tuple[timedelta, ...]
    resends: int
    resend_pause: timedelta


_BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))

#: A code is good for five minutes and the same at every try; a receipt that comes twice is a
#: nuisance and one that costs money twice is not sent a third time.
POLICIES: Mapping[MessageClass, MessagePolicy] = {
    MessageClass.OTP: MessagePolicy(
        lifetime=timedelta(minutes=5),
        pauses=(timedelta(seconds=10), timedelta(seconds=30), timedelta(seconds=60)),
        resends=1,
        resend_pause=timedelta(0),
    ),
    MessageClass.RECEIPT: MessagePolicy(
        lifetime=timedelta(hours=24),
        pauses=_BACK_OFF,
        resends=1,
        resend_pause=timedelta(minutes=1),
    ),
    MessageClass.ALERT: MessagePolicy(
        lifetime=timedelta(hours=1),
        pauses=_BACK_OFF,
        resends=1,
        resend_pause=timedelta(minutes=1),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageOrder:
    """Whose messages to send, and what was done so far."""

    org_id: str
    livemode: bool
    so_far: DeliveryTotals = field(default_factory=DeliveryTotals)

    def continued(self, totals: DeliveryTotals) -> "MessageOrder":
        """The same order for the next run of the chain."""
        return MessageOrder(org_id=self.org_id, livemode=self.livemode, so_far=totals)
