"""The one way out to merchants: resolve once, check every answer, connect to what was checked.

Checking first and calling by name afterwards would resolve twice, and the second answer may
be another. Here the connection itself is made to a checked address; Host and SNI keep the
name. No redirects, no proxies from the environment, fail closed.
"""

import asyncio
import dataclasses
import ipaddress
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

import httpcore
import httpx

from models.delivery import Answer
from runtime.addresses import UrlRefused, checked_url, is_public

Resolver: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]

DEADLINE = 15.0
_CONNECT = 5.0
_LARGEST_ANSWER = 64 * 1024
_EXCERPT = 500


class AddressRefused(Exception):
    """The name resolves to nothing, or to an address that is not public."""


async def resolved(host: str, port: int) -> Sequence[str]:
    """Every address of `host`, asked once of the system's resolver. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Connects to addresses, never to names."""

    def __init__(
        self, inner: httpcore.AsyncNetworkBackend, resolve: Resolver, *, allow_internal: bool
    ) -> None:
        self._inner = inner
        self._resolve = resolve
        self._allow_internal = allow_internal

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first checked address that answers. Raises AddressRefused."""
        trouble: Exception = AddressRefused("the name has no address")
        for address in await self._checked(host, port):
            try:
                return await self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                trouble = error
        raise trouble

    async def sleep(self, seconds: float) -> None:
        """Wait; httpcore asks for it between connection retries."""
        await self._inner.sleep(seconds)

    async def _checked(self, host: str, port: int) -> Sequence[str]:
        try:
            async with asyncio.timeout(_CONNECT):
                addresses = await self._resolve(host, port)
        except (OSError, UnicodeError) as error:  # TimeoutError is an OSError
            raise AddressRefused("the name cannot be resolved") from error
        if not self._allow_internal and not all(is_public(address) for address in addresses):
            raise AddressRefused("the name resolves to an address that is not public")
        return [str(ipaddress.ip_address(address)) for address in addresses]


class Egress:
    """Posts to merchants. Every outcome is a value; nothing is raised for a bad server."""

    def __init__(
        self,
        *,
        allow_internal: bool = False,
        resolve: Resolver = resolved,
        backend: httpcore.AsyncNetworkBackend | None = None,
        tls: ssl.SSLContext | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        inner = backend or httpcore.AnyIOBackend()
        self._allow_internal = allow_internal
        self._deadline = deadline
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=200,
            max_keepalive_connections=50,
            keepalive_expiry=30,
            network_backend=PinnedBackend(inner, resolve, allow_internal=allow_internal),
        )

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send once and say what came of it, within the deadline (15 s)."""
        started = time.monotonic()
        try:
            checked = checked_url(url, allow_internal=self._allow_internal)
            async with asyncio.timeout(self._deadline):
                answer = await self._exchange(checked, headers, body)
        except (UrlRefused, AddressRefused) as no:
            answer = Answer(error=f"not called: {no}")
        except (TimeoutError, httpcore.TimeoutException):
            answer = Answer(error="no answer in time")
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            answer = Answer(error=_named(error))
        return dataclasses.replace(answer, duration_ms=_since(started))

    async def close(self) -> None:
        """Close kept connections."""
        await self._pool.aclose()

    async def _exchange(self, url: httpx.URL, headers: Mapping[str, str], body: bytes) -> Answer:
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        wire = [(name.encode(), value.encode()) for name, value in headers.items()]
        limits = {"connect": _CONNECT, "pool": _CONNECT}
        async with self._pool.stream(
            "POST", target, headers=wire, content=body, extensions={"timeout": limits}
        ) as response:
            text = (await _beginning(response))[: _EXCERPT * 4].decode("utf-8", "replace")
            retry = _header(response, b"retry-after")
            return Answer(
                status=response.status,
                excerpt=text.replace("\0", "\N{REPLACEMENT CHARACTER}")[:_EXCERPT],
                retry_after=retry.decode("ascii", "replace") if retry else None,
            )


async def _beginning(response: httpcore.Response) -> bytes:
    """At most 64 KiB of the answer; the connection is dropped if there is more."""
    read = bytearray()
    async for chunk in response.aiter_stream():
        read += chunk
        if len(read) >= _LARGEST_ANSWER:
            break
    return bytes(read[:_LARGEST_ANSWER])


def _header(response: httpcore.Response, name: bytes) -> bytes | None:
    return next((value for key, value in response.headers if key.lower() == name), None)


def _named(error: Exception) -> str:
    """The kind of trouble, without addresses: the merchant reads this in the delivery log."""
    if isinstance(error, httpcore.ConnectError):
        inner = error.__cause__ or error.__context__
        tls = isinstance(inner, ssl.SSLError) or "SSL" in str(error) or "certificate" in str(error)
        return "the TLS certificate or handshake was refused" if tls else "could not connect"
    return f"the connection broke ({type(error).__name__})"


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
