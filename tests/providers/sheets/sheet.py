"""What a provider's case sheet tells the conformance kit, and the rail it is played on."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import httpx

from models.charge import Charge
from models.money_out import Holder
from models.reading import Reading, Verdict
from providers.contract import Callbacks, Collects, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """One HTTP answer."""

    status: int = 200
    body: bytes = b""


#: One call of a client made for this transport.
Call = Callable[[httpx.AsyncBaseTransport], Awaitable[Reading]]
Look = Callable[[httpx.AsyncBaseTransport], Awaitable[Reading | Holder]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyOut:
    """Sample wire messages of one way out of a provider: its refunds or its payouts.

    `slot` of the provider; `send` and `ask` make one call; `ask` is None where there is no
    question; `unfit` are orders the rail cannot carry. The rest is as in a Sheet, but what is done
    when it is answered may settle at once.
    """

    name: str
    slot: str
    send: Call
    ask: Call | None
    unfit: tuple[Call, ...]
    not_now: tuple[Wire, ...]
    acks: Mapping[Verdict, tuple[Wire, ...]]
    answers: Mapping[Verdict, tuple[Wire, ...]]
    repeat: Wire | None
    reference: Callable[[httpx.Request], str]
    token_path: str = ""
    token: Wire = Wire()
    prepares: Mapping[str, Wire] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Sample wire messages of one provider. `charge` already has its provider reference.

    `acks`, `answers`, `notices`: what prompt, inquire and callback say for each verdict.
    `not_now`: refused before acting. `repeat`: the answer to a repeated reference; None where
    the provider knows no repeats. `reference` reads from a request what names the attempt.
    `token_path`: empty where calls carry a fixed key; else `stale`: the token is refused,
    `no_token`: our credentials are. `told_amount`: callbacks name the amount. `looks`: one call
    of each slot that only looks, balance and names. `prepares`: what calls free of effect, made
    before the one that counts, are answered, by path.
    """

    provider: Provider
    settings: object
    client: Callable[[httpx.AsyncBaseTransport], Collects]
    callbacks: Callbacks
    charge: Charge
    not_now: tuple[Wire, ...]
    acks: Mapping[Verdict, tuple[Wire, ...]]
    answers: Mapping[Verdict, tuple[Wire, ...]]
    notices: Mapping[Verdict, tuple[bytes, ...]]
    repeat: Wire | None
    reference: Callable[[httpx.Request], str]
    secrets: tuple[str, ...]
    token_path: str = ""
    token: Wire = Wire()
    no_token: Wire = Wire()
    stale: Wire = Wire()
    told_amount: bool = True
    prepares: Mapping[str, Wire] = field(default_factory=dict)
    money_out: tuple[MoneyOut, ...] = ()
    looks: Mapping[str, Look] = field(default_factory=dict)


Play = Wire | Exception | httpx.Response


class HasTokens(Protocol):
    """Where tokens are fetched, and what is answered there."""

    @property
    def token_path(self) -> str:
        """Empty where calls carry a fixed key."""
        ...

    @property
    def token(self) -> Wire:
        """The answer that holds one."""
        ...

    @property
    def prepares(self) -> Mapping[str, Wire]:
        """Answers of calls free of effect, by path."""
        ...


@dataclass
class Rail(httpx.AsyncBaseTransport):
    """The provider's side of the line: plays `plays` in turn and remembers what it was sent."""

    sheet: HasTokens
    plays: list[Play] = field(default_factory=list)
    tokens: list[Play] = field(default_factory=list)
    sent: list[httpx.Request] = field(default_factory=list)
    token_calls: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer the token call, and what only prepares, apart from the others."""
        if request.url.path == self.sheet.token_path:
            self.token_calls += 1
            return _played(self.tokens.pop(0) if self.tokens else self.sheet.token)
        if request.url.path in self.sheet.prepares:
            return _played(self.sheet.prepares[request.url.path])
        self.sent.append(request)
        return _played(self.plays.pop(0))


def _played(play: Play) -> httpx.Response:
    if isinstance(play, Exception):
        raise play
    if isinstance(play, Wire):
        return httpx.Response(play.status, content=play.body)
    return play


def on(sheet: Sheet, *plays: Play, tokens: tuple[Play, ...] = ()) -> tuple[Collects, Rail]:
    """A client whose provider plays `plays`."""
    rail = Rail(sheet, list(plays), list(tokens))
    return sheet.client(rail), rail
