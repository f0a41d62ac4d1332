"""The one HTTP client factory: deadlines, connect retries, body cap, redaction.

httpx error                                    raised as
ConnectError ConnectTimeout PoolTimeout        Unreachable   no byte of the request left
every other transport error, deadline,         Ambiguous     the request may have arrived
over-long body
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from providers.contract import Ambiguous, Unreachable
from providers.wire import MAX_BODY, masked

NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_CONNECT_RETRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, whatever the status. `headers` are found in any spelling of case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=httpx.Headers, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds. `deadline` bounds the whole call, so a slow drip cannot outlast an activity."""

    deadline: float = 30.0
    connect: float = 4.0
    pool: float = 5.0


class Line:
    """A pooled connection to one provider. Errors name the call and the kind, never its content.

    An error of the HTTP library may quote a header (a bearer token) or a URL (a phone number):
    only its type is passed on. `longest`: bytes of the longest body that is read.
    """

    def __init__(
        self,
        base_url: str,
        *,
        patience: Patience | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        longest: int = MAX_BODY,
    ) -> None:
        self._longest = longest
        self._patience = patience or Patience()
        self._http = httpx.AsyncClient(
            base_url=base_url,
            transport=transport or _transport(),
            timeout=httpx.Timeout(
                self._patience.deadline, connect=self._patience.connect, pool=self._patience.pool
            ),
            headers={"Accept": "application/json", "Accept-Encoding": "identity"},
            follow_redirects=False,
            trust_env=False,
        )

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Answer:
        """Send once. Raises Unreachable or Ambiguous; every HTTP status is an Answer.

        What is secret in a query belongs in `params`: errors name the path. `content`: the body
        as it is, where its bytes are signed or compared.
        """
        request = self._http.build_request(
            method, path, headers=headers, json=json, data=form, params=params, content=content
        )
        try:
            async with asyncio.timeout(self._patience.deadline):
                return await self._answer(request)
        except NEVER_SENT as error:
            raise Unreachable(_told(method, path, error)) from None
        except (httpx.HTTPError, httpx.StreamError, TimeoutError, OSError) as error:
            raise Ambiguous(_told(method, path, error)) from None

    async def _answer(self, request: httpx.Request) -> Answer:
        response = await self._http.send(request, stream=True)
        try:
            body = await _body(response, self._longest)
            return Answer(status=response.status_code, body=body, headers=response.headers)
        finally:
            await response.aclose()

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._http.aclose()


def _transport() -> httpx.AsyncHTTPTransport:
    """Retries only what never connected.

    Idle connections are dropped after two seconds: servers and balancers keep theirs longer,
    so a money call almost never rides on a connection the other side is closing, which would
    read as "sent, no answer".
    """
    return httpx.AsyncHTTPTransport(
        retries=_CONNECT_RETRIES,
        trust_env=False,
        limits=httpx.Limits(
            max_connections=200, max_keepalive_connections=50, keepalive_expiry=2.0
        ),
    )


async def _body(response: httpx.Response, longest: int) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise httpx.DecodingError("compressed although not asked for: it could unfold past any cap")
    parts, size = [], 0
    async for part in response.aiter_bytes():
        size += len(part)
        if size > longest:
            raise httpx.DecodingError("the answer is longer than any we know")
        parts.append(part)
    return b"".join(parts)


def _told(method: str, path: str, error: Exception) -> str:
    return f"{method} {masked(path)}: {type(error).__name__}"


def basic(user: str, secret: str) -> str:
    """The pair of Basic authentication (RFC 7617), without the word before it."""
    return b64encode(f"{user}:{secret}".encode()).decode()
