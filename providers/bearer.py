"""A bearer token shared by every call of one client: fetched once, renewed before it ages."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace

from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous, Decodes, Unreachable
from providers.http import Answer, Line, basic
from providers.wire import parse, text

#: Renewed at this share of its life, so that it does not expire on the way.
_FRESH_SHARE = 0.9
#: When the answer does not say how long the token lives.
_SHORT_LIFE = 60.0
#: Seconds. Together with one call's deadline they stay below an activity's 60 s.
_TOKEN_WAIT = 15.0
_REPEAT_WITHIN = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What a token call gave. `seconds` is its life. The value never prints."""

    value: str = field(repr=False)
    seconds: float


class TokenRefused(Exception):
    """The provider gives no token for our credentials; `reading` says why."""

    def __init__(self, reading: Reading) -> None:
        super().__init__("the provider refused our credentials")
        self.reading = replace(reading, retryable=False)


class Bearer:
    """One cached token. Many callers wait for one fetch.

    Each process has its own: a provider that cancels the former token when it issues a new
    one costs the other processes one refused call, which `call` repeats.
    """

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Token]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._value = ""
        self._until = float("-inf")

    async def token(self, *, unlike: str = "") -> str:
        """The current token; a new one when it aged or equals `unlike`.

        Raises TokenRefused, or Unreachable when none could be fetched.
        """
        try:
            async with asyncio.timeout(_TOKEN_WAIT):
                return await self._fresh(unlike)
        except TimeoutError:
            raise Unreachable(f"no token in {_TOKEN_WAIT:.0f} s") from None

    async def _fresh(self, unlike: str) -> str:
        async with self._lock:
            if self._value in {"", unlike} or self._clock() >= self._until:
                fresh = await self._fetch()
                self._value = fresh.value
                self._until = self._clock() + fresh.seconds * _FRESH_SHARE
            return self._value

    async def call(
        self, ask: Callable[[str], Awaitable[Answer]], *, stale: Callable[[Answer], bool]
    ) -> Answer:
        """Ask with the token; repeat once with a new one when the old was refused.

        `stale` holds only for answers given before the provider acted: the repeat is safe.
        Raises what `ask` and `token` raise.
        """
        began, used = self._clock(), await self.token()
        answer = await ask(used)
        if not stale(answer):
            return answer
        if self._clock() - began > _REPEAT_WITHIN:
            raise Unreachable("the token was refused, too late to repeat the call")
        return await ask(await self.token(unlike=used))


def refused_for_its_token(read: Decodes) -> Callable[[Answer], bool]:
    """Whether an answer says, as `read` reads errors, that the token was refused before acting."""

    def stale(answer: Answer) -> bool:
        reading = read(answer.body, answer.status)
        return reading.retryable and reading.reason is Reason.CREDENTIALS

    return stale


async def fetched(
    asked: Awaitable[Answer],
    *,
    refusal: Decodes,
    names: Iterable[str] = ("access_token",),
    unsaid: float = _SHORT_LIFE,
) -> Token:
    """The token in an answer. Raises TokenRefused or Unreachable, never Ambiguous:

    the call the token was wanted for has not been made, so nothing can have happened.
    `names`: fields the token may stand in. `unsaid`: its seconds where the answer has none.
    """
    try:
        answer = await asked
    except Ambiguous as lost:
        raise Unreachable(f"no token: {lost}") from None
    token = _token_in(answer.body, names, unsaid) if answer.status == 200 else None
    if token:
        return token
    reading = refusal(answer.body, answer.status)
    final = not reading.retryable or reading.reason is Reason.CREDENTIALS
    if reading.verdict is Verdict.REFUSED and final:
        raise TokenRefused(reading)
    raise Unreachable(f"no token: HTTP {answer.status}")


async def by_credentials(
    line: Line, path: str, *, user: str, secret: str, refusal: Decodes
) -> Token:
    """The token OAuth's client credentials give (RFC 6749, 4.4). Raises as `fetched` does."""
    asked = line.send(
        "POST",
        path,
        headers={"Authorization": f"Basic {basic(user, secret)}"},
        form={"grant_type": "client_credentials"},
    )
    return await fetched(asked, refusal=refusal)


def _token_in(body: bytes, names: Iterable[str], unsaid: float) -> Token | None:
    answer = parse(body) or {}
    value = next((answer[name] for name in names if answer.get(name)), None)
    if not isinstance(value, str) or not (value.isascii() and value.isprintable()):
        return None
    life = text(answer.get("expires_in")) or ""
    known = life.isascii() and life.isdecimal() and len(life) < 7
    return Token(value=value, seconds=float(life) if known else unsaid)
