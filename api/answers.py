"""How answers are rendered: JSON once, problems as RFC 9457, on any path the same way."""

import json
from collections.abc import Mapping
from typing import Any

import psycopg
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Scope

from api.errors import Invalid, MethodNotAllowed, NotFound, Problem, Unavailable
from runtime.key_providers.contract import KeysAway

#: Where the edge keeps the request's id in the ASGI scope.
REQUEST_ID = "kauri.request_id"
#: What is found wrong in a body that was left as bytes.
_UNREAD = "model_attributes_type"


def rendered(document: Any) -> bytes:
    """JSON as it is stored and sent."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def answer(document: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer."""
    return stored_answer(rendered(document), status, **headers)


def stored_answer(body: bytes, status: int, **headers: str) -> Response:
    """An answer whose body is rendered already."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(body, status, headers=named, media_type="application/json")


def problem_answer(problem: Problem, scope: Scope) -> Response:
    """A problem as the client sees it."""
    document = problem.document(instance=scope["path"], request_id=scope.get(REQUEST_ID, ""))
    return Response(
        rendered(document),
        problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


async def on_problem(request: Request, error: Exception) -> Response:
    """Render what a route refused."""
    if not isinstance(error, Problem):
        raise error
    return problem_answer(error, request.scope)


async def on_validation(request: Request, error: Exception) -> Response:
    """Name every wrong field; never repeat what was sent."""
    if not isinstance(error, RequestValidationError):
        raise error
    errors = [
        {"pointer": _pointer(found["loc"]), "detail": _detail(found, request)}
        for found in error.errors()[:20]
    ]
    problem = Invalid(f"{errors[0]['pointer']}: {errors[0]['detail']}", errors=errors)
    return problem_answer(problem, request.scope)


async def on_http(request: Request, error: Exception) -> Response:
    """The router's own refusals: no such path, no such method, an unreadable body."""
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == 404:
        return problem_answer(NotFound("no such path"), request.scope)
    if error.status_code == 405:
        allowed = dict(error.headers or {})
        problem: Problem = MethodNotAllowed("see Allow", headers=allowed)
        return problem_answer(problem, request.scope)
    return problem_answer(Problem("the body cannot be read"), request.scope)


async def on_database(request: Request, error: Exception) -> Response:
    """The database is away: nothing is known of what was asked."""
    if not isinstance(error, (psycopg.OperationalError, PoolTimeout)):
        raise error
    problem = Unavailable("the database did not answer", headers={"Retry-After": "1"})
    return problem_answer(problem, request.scope)


async def on_keys_away(request: Request, error: Exception) -> Response:
    """The key provider is away: nothing was sealed, so nothing was stored."""
    if not isinstance(error, KeysAway):
        raise error
    problem = Unavailable("the keys cannot be reached", headers={"Retry-After": "1"})
    return problem_answer(problem, request.scope)


HANDLERS = {
    KeysAway: on_keys_away,
    Problem: on_problem,
    RequestValidationError: on_validation,
    HTTPException: on_http,
    psycopg.OperationalError: on_database,
    PoolTimeout: on_database,
}


def _detail(found: Mapping[str, Any], request: Request) -> str:
    """What is wrong; a body that is not JSON by its own word was not looked into."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if found["loc"] == ("body",) and found["type"] == _UNREAD and not sent.endswith("json"):
        return "send the body with Content-Type: application/json"
    return str(found["msg"])


def _pointer(location: tuple[Any, ...]) -> str:
    """JSON Pointer of a field of the body; other places by their name."""
    place, *path = location
    if place != "body":
        return "/".join([str(place), *map(str, path)])
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path) or "/"
