"""What a message gateway promises: one message in, one of three outcomes out. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeAlias

from models.messages import Channel


class Scope(StrEnum):
    """What a refusal is about; whichever it is, nothing was sent.

    MESSAGE: this gateway does not carry this message; another may.
    GATEWAY: the gateway carries nothing until somebody tops it up or mends our credentials.
    ADDRESS: nobody can be reached there, by any gateway of the channel.
    MOMENT: not now; the same message may go later.
    """

    MESSAGE = "message"
    GATEWAY = "gateway"
    ADDRESS = "address"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message on its way. `to`: E.164 without the plus, or a mailbox.

    `id` is what the gateway is told where it can be told one. Address and text never print.
    """

    id: str
    to: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    sender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The gateway took it; whether it arrives is another matter."""

    provider_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """Not sent. `code` is the gateway's word, or ours where it had none."""

    code: str
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """It may have gone."""

    code: str


Sent: TypeAlias = Submitted | Rejected | Unknown


class Sends(Protocol):
    """A gateway of one channel."""

    @property
    def name(self) -> str:
        """As rows and reports name it."""
        ...

    @property
    def channel(self) -> Channel:
        """What it carries."""
        ...

    async def send(self, message: Outgoing) -> Sent:
        """Hand over one message, once. Every outcome is a value; nothing is raised for one."""
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...
