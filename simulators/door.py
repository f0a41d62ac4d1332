"""The door of a provider: logs each request, and answers nothing useful while it is down."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulators.director import Director
from simulators.wire import Hang

_NOTE = "simulators.note"


class Refused(Exception):
    """The request ends here, with this answer."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


async def answer_refused(_request: Request, refused: Exception) -> Response:
    """Exception handler for Refused."""
    if not isinstance(refused, Refused):
        raise refused
    return refused.response


def note(request: Request, **facts: str) -> None:
    """Add facts to the log line of this request."""
    request.scope[_NOTE].update(facts)


class Behind(Protocol):
    """What stands behind a door: a stage, or a server that is none."""

    log: deque[dict[str, Any]]
    director: Director


class Door:
    """Wraps a provider's application. `unavailable` writes its 503, `busy` its refusal."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        stage: Behind,
        unavailable: Callable[[], Response],
        busy: Callable[[], Response],
    ) -> None:
        self._app = app
        self._stage = stage
        self._closed: dict[str, Callable[[], Response]] = {
            "503": unavailable,
            "busy": busy,
            "closed": lambda: Hang(0),
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        line = {
            "direction": "in",
            "at": datetime.now(UTC).isoformat(),
            "method": scope["method"],
            "path": scope["path"],
            "status": 0,
        }
        scope[_NOTE] = line
        self._stage.log.append(line)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                line["status"] = message["status"]
            await send(message)

        down = self._stage.director.down
        app = self._closed[down]() if down else self._app
        await app(scope, receive, noting)
