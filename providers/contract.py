"""What a provider promises. A provider is a folder that fills the slots of one `Provider`.

ProviderError
├── Unreachable   never left us: connect error, pool exhausted. Nothing can have happened.
└── Ambiguous     left us, no readable answer. Money may have moved: ask, never resend.

Everything the provider *says*, refusals included, is a Reading and never an exception.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from models.charge import Charge, Offer, Terms
from models.reading import Reading


class ProviderError(Exception):
    """The provider gave no answer that can be read. The text holds no personal data."""


class Unreachable(ProviderError):
    """The request provably never left: the same attempt may be sent again."""


class Ambiguous(ProviderError):
    """The request left and no answer can be read: the outcome is unknown."""


class QuestionRefused(Exception):
    """The other side answers, but not the question; `reading` says why."""

    def __init__(self, told: str, reading: Reading) -> None:
        super().__init__(told)
        self.reading = reading


class Collects(Protocol):
    """Takes money from a payer."""

    async def prompt(self, charge: Charge) -> Reading:
        """Ring the payer's phone, once. Raises Unreachable or Ambiguous."""
        ...

    async def inquire(self, charge: Charge) -> Reading:
        """Ask what became of the charge. Raises Unreachable or Ambiguous."""
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


class Decodes(Protocol):
    """Reads one raw wire message; never raises. `http_status` 200 where none is known."""

    def __call__(self, body: bytes, http_status: int = 200) -> Reading: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """How a provider calls back. `read` is pure and never raises.

    `hint`: unsigned or incomplete; confirm by asking before posting (a function of the reading).
    `answer`: the JSON body the provider expects with our 200. `methods`: PUT and POST for MTN.
    """

    slug: str
    read: Decodes
    hint: Callable[[Reading], bool]
    answer: Mapping[str, Any]
    methods: tuple[str, ...] = ("POST",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider as slots; a capability it lacks is None.

    `settings` is a pydantic-settings class read at boot; `collects` builds the client from
    an instance of it. `reference` makes our reference, as the provider shows it, from the
    attempt's id. `messages` are the names `kauri decode` knows.
    """

    name: str
    settings: Callable[[], Any]
    offer: Callable[[Any], Offer]
    terms: Callable[[Any], Terms]
    reference: Callable[[str], str]
    messages: Mapping[str, Decodes]
    callbacks: Callable[[Any], Callbacks] | None = None
    collects: Callable[[Any], Collects] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """An outside system no payer pays through (a lender's books, a bank).

    `messages` are the names `kauri decode` knows, as a provider's are.
    """

    name: str
    messages: Mapping[str, Decodes]
