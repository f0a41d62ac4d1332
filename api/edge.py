"""The edge of the application, plain ASGI: ids, limits and headers of every request."""

import re
import time
from collections.abc import MutableMapping
from typing import Any

from loguru import logger
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import REQUEST_ID, problem_answer
from api.errors import BodyTooLarge, Broken, Problem, VersionUnknown
from api.limits import RATE
from api.uploads import bounded, takes_files
from models.delivery import API_VERSION
from models.ids import mint

#: Bytes a request body may have.
LARGEST_BODY = 64 * 1024
_REQUEST_ID = re.compile(rb"[\w.:/+=-]{1,128}")
_SAFE = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
_HSTS = (b"strict-transport-security", b"max-age=63072000; includeSubDomains")


class Edge:
    """Names the request, bounds its body, dresses its answer, counts it."""

    def __init__(self, app: ASGIApp, *, https_only: bool) -> None:
        self._app = app
        self._always = [*_SAFE, _HSTS] if https_only else _SAFE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything unforeseen becomes a problem, never a stack trace."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = dict(scope["headers"])
        scope[REQUEST_ID] = _request_id(headers)
        answer = _Dressed(send, scope, headers, self._always)
        try:
            await self._serve(scope, receive, answer, headers)
        finally:
            metrics = scope["app"].state.parts.metrics
            metrics.served(scope, answer.status, time.perf_counter() - started)

    async def _serve(
        self, scope: Scope, receive: Receive, answer: "_Dressed", headers: dict[bytes, bytes]
    ) -> None:
        try:
            _check_version(scope, headers)
            if takes_files(scope):  # read by its route, once it is known who sends it
                served = bounded(receive, headers)
            else:
                served = _replayed(await _whole(receive, headers), receive)
        except Problem as problem:
            await problem_answer(problem, scope)(scope, receive, answer)
            return
        try:
            await self._app(scope, served, answer)
        except Exception as error:
            logger.opt(exception=error).error("request {} broke", scope[REQUEST_ID])
            if answer.status:
                raise
            await problem_answer(Broken("see our log"), scope)(scope, receive, answer)


class _Dressed:
    """Adds the headers every answer has, and remembers its status."""

    def __init__(
        self,
        send: Send,
        scope: Scope,
        headers: dict[bytes, bytes],
        always: list[tuple[bytes, bytes]],
    ) -> None:
        self._send, self._scope, self._always = send, scope, always
        self._version = headers.get(b"api-version", API_VERSION.encode())
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._dress(message)
        await self._send(message)

    def _dress(self, message: MutableMapping[str, Any]) -> None:
        given = message["headers"]
        taken = {name for name, _value in given}
        added = [
            (b"x-request-id", self._scope[REQUEST_ID].encode()),
            (b"api-version", self._version),
            *self._scope.get(RATE, ()),
            *self._always,
        ]
        message["headers"] = [*given, *(pair for pair in added if pair[0] not in taken)]


def _request_id(headers: dict[bytes, bytes]) -> str:
    given = headers.get(b"x-request-id", b"")
    return given.decode() if _REQUEST_ID.fullmatch(given) else mint("req")


def _check_version(scope: Scope, headers: dict[bytes, bytes]) -> None:
    asked = headers.get(b"api-version")
    if asked is not None and scope["path"].startswith("/v1/") and asked != API_VERSION.encode():
        headers[b"api-version"] = API_VERSION.encode()
        raise VersionUnknown(f"send Api-Version: {API_VERSION}, or none")


async def _whole(receive: Receive, headers: dict[bytes, bytes]) -> bytes:
    """The body, read before any work is done for it."""
    announced = headers.get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > LARGEST_BODY:
        raise BodyTooLarge(f"{LARGEST_BODY} bytes at most")
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise BodyTooLarge(f"{LARGEST_BODY} bytes at most")
        if not message.get("more_body", False):
            return body


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Hands out the body once; after that only the connection speaks."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
