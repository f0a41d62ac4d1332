"""The line at the socket: deadlines, caps and connections that die."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest

from providers.contract import Ambiguous, ProviderError, Unreachable
from providers.http import Answer, Line, Patience
from providers.wire import MAX_BODY

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


@asynccontextmanager
async def a_line(serve: Serve, *, deadline: float = 5.0) -> AsyncIterator[Line]:
    """A line to a server that does what `serve` does with each connection."""
    served: list[asyncio.Task[None]] = []

    async def noted(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served.append(asyncio.ensure_future(serve(reader, writer)))

    server = await asyncio.start_server(noted, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    line = Line(f"http://127.0.0.1:{port}", patience=Patience(deadline=deadline))
    try:
        yield line
    finally:
        await line.aclose()
        await asyncio.gather(*served, return_exceptions=True)
        server.close()


async def _asked(reader: asyncio.StreamReader) -> bytes:
    return await reader.readuntil(b"\r\n\r\n")


def saying(raw: bytes) -> Serve:
    """A server that answers with `raw` and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _asked(reader)
        writer.write(raw)
        await writer.drain()
        writer.close()

    return serve


async def get(line: Line) -> Answer:
    """One call."""
    return await line.send("GET", "/254712000111/x", headers={"Authorization": "canary"})


async def test_every_status_is_an_answer() -> None:
    raw = b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\n{}"
    async with a_line(saying(raw)) as line:
        assert await get(line) == Answer(status=503, body=b"{}")


async def test_a_redirect_is_not_followed() -> None:
    raw = b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.example/\r\nContent-Length: 0\r\n\r\n"
    async with a_line(saying(raw)) as line:
        assert (await get(line)).status == 302


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Len",
        HEAD + b"Content-Length: 100\r\n\r\nhalf",
        b"not http at all\r\n\r\n",
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\nab",
        HEAD + b"Content-Length: %d\r\n\r\n" % (MAX_BODY + 1) + b" " * (MAX_BODY + 1),
    ],
    ids=["no answer", "half a head", "half a body", "no http", "compressed", "too long"],
)
async def test_a_broken_answer_is_ambiguous_and_tells_nothing_secret(raw: bytes) -> None:
    async with a_line(saying(raw)) as line:
        with pytest.raises(Ambiguous) as lost:
            await get(line)
    assert str(lost.value).startswith("GET /*********111/x: ")
    assert "canary" not in repr(lost.value)


async def test_a_slow_drip_ends_at_the_deadline() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _asked(reader)
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\n")
        gone = asyncio.ensure_future(reader.read())
        while not gone.done():
            writer.write(b" ")
            await asyncio.wait([gone], timeout=0.02)
        writer.close()

    async with a_line(drip, deadline=0.3) as line:
        with pytest.raises(Ambiguous, match="TimeoutError"):
            await get(line)


async def test_nobody_listening_is_unreachable() -> None:
    server = await asyncio.start_server(saying(b""), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    line = Line(f"http://127.0.0.1:{port}")
    with pytest.raises(Unreachable, match="ConnectError"):
        await get(line)
    await line.aclose()


async def test_a_kept_connection_the_server_closed_is_not_used_again() -> None:
    closed: asyncio.Queue[None] = asyncio.Queue()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await saying(HEAD + b"Content-Length: 2\r\n\r\n{}")(reader, writer)
        await writer.wait_closed()
        closed.put_nowait(None)

    async with a_line(once) as line:
        for _ in range(3):
            assert (await get(line)).body == b"{}"
            await closed.get()


def test_the_two_errors_are_the_only_ones() -> None:
    assert set(ProviderError.__subclasses__()) == {Unreachable, Ambiguous}
