"""Answers that break on the way: real at the socket when served by simulators.server."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from fastapi import Response
from starlette.types import Receive, Scope, Send

from simulators.faults import Wire
from simulators.settings import Behaviour

#: Scope key under which the server leaves the function that cuts the connection.
CUT = "simulators.cut"

_PAGE = (
    b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
)
_DRIPS = 10


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _cut(scope: Scope, receive: Receive) -> None:
    """Reset the connection; without a socket of our own, raise ConnectionResetError."""
    cut: Callable[[], None] | None = scope.get(CUT)
    if cut is None:
        raise ConnectionResetError("the simulator cuts the connection")
    cut()
    await _client_gone(receive)


async def _start(answer: Response, send: Send) -> None:
    head = {"status": answer.status_code, "headers": answer.raw_headers}
    await send({"type": "http.response.start", **head})


class Hang(Response):
    """No byte is ever answered; the connection is cut after `seconds` at the latest."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        with suppress(TimeoutError):
            async with asyncio.timeout(self._seconds):
                await _client_gone(receive)
                return
        await _cut(scope, receive)


class Broken(Response):
    """Half of an answer, then a reset."""

    def __init__(self, clean: Response) -> None:
        super().__init__(clean.body, clean.status_code, media_type=clean.media_type)
        self.headers["content-length"] = str(len(clean.body) + 64)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await _start(self, send)
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.02)  # lets the half reach the client before the reset discards it
        await _cut(scope, receive)


class Dripping(Response):
    """The whole answer, in ten drops spread over `seconds`; blanks where it has no body."""

    def __init__(self, clean: Response, seconds: float) -> None:
        super().__init__(
            bytes(clean.body) or b" " * _DRIPS, clean.status_code, media_type=clean.media_type
        )
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI
        await _start(self, send)
        size = -(-len(self.body) // _DRIPS)
        for start in range(0, len(self.body), size):
            drop = bytes(self.body)[start : start + size]
            await send({"type": "http.response.body", "body": drop, "more_body": True})
            await asyncio.sleep(self._seconds / _DRIPS)
        await send({"type": "http.response.body", "body": b""})


def spoil(wire: Wire, clean: Response, behaviour: Behaviour) -> Response:
    """The clean answer as this wire delivers it."""
    match wire:
        case Wire.HANG:
            return Hang(behaviour.seconds("hang_seconds"))
        case Wire.RESET:
            return Broken(clean)
        case Wire.DRIP:
            return Dripping(clean, behaviour.seconds("drip_seconds"))
    return _garbled(wire, clean)


def _garbled(wire: Wire, clean: Response) -> Response:
    body = bytes(clean.body)
    match wire:
        case Wire.MALFORMED:
            half = body[: len(body) * 2 // 3] or b'{"status": "PEND'
            return Response(half, clean.status_code, media_type="application/json")
        case Wire.HTML:
            return Response(_PAGE, 502, media_type="text/html")
        case Wire.WRONG_TYPE:
            return Response(body, clean.status_code, media_type="text/html")
    return clean
