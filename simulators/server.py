"""Serves the simulators on a socket they can really cut."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from simulators.app import create_app
from simulators.settings import Settings
from simulators.wire import CUT

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class CuttingProtocol(HttpToolsProtocol):
    """HTTP whose applications may reset the TCP connection in mid-answer."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope.update({CUT: self._cut})  # type: ignore[misc]  # ours beside ASGI's

    def _cut(self) -> None:
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self.transport.abort()


class GuestServer(uvicorn.Server):
    """A server in somebody else's event loop: leaves signals alone, says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def configured(app: ASGIApp, *, host: str, port: int) -> uvicorn.Config:
    """How the simulators are served: quietly, and quick to stop."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=CuttingProtocol,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )


@asynccontextmanager
async def serving(app: ASGIApp, *, host: str = "127.0.0.1") -> AsyncIterator[str]:
    """Serve an application in this event loop on a free port; gives its address."""
    # asyncio turns Nagle's delay off only for sockets that name their protocol
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.bind((host, 0))
    port = listening.getsockname()[1]
    guest = GuestServer(configured(app, host=host, port=port))
    task = asyncio.create_task(guest.serve(sockets=[listening]))
    await guest.up.wait()
    try:
        yield f"http://{host}:{port}"
    finally:
        guest.should_exit = True
        await task


@asynccontextmanager
async def running(settings: Settings | None = None) -> AsyncIterator[str]:
    """Serve the simulators in this event loop on a free port; gives their address."""
    async with serving(create_app(settings)) as address:
        yield address
