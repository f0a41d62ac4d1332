"""Errors in Fineract's envelope. The status inside is text."""

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.faults import Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words


class Error(Exception):
    """A command or question ends here, with this answer."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status)
        self.status = status
        self.body = body

    def response(self) -> Response:
        """The answer."""
        return JSONResponse(self.body, self.status)


def envelope(
    status: int, top: str, said: str, *, details: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The error body."""
    return {
        "developerMessage": said,
        "httpStatusCode": str(status),
        "defaultUserMessage": said,
        "userMessageGlobalisationCode": top,
        "errors": details,
    }


def error(status: int, code: str, said: str, *, top: str | None = None, field: str = "id") -> Error:
    """An error with one detail; `top`: the code of its class, where that is another."""
    detail: dict[str, Any] = {
        "developerMessage": said,
        "defaultUserMessage": said,
        "userMessageGlobalisationCode": code,
        "parameterName": field,
        "value": None,
        "args": [],
    }
    return Error(status, envelope(status, top or code, said, details=[detail]))


def invalid(code: str, said: str, *, field: str = "id") -> Error:
    """400: fields, state, uniqueness."""
    return error(400, code, said, top="validation.msg.validation.errors.exist", field=field)


def rule(code: str, said: str) -> Error:
    """403: a rule of the domain."""
    return error(403, code, said, top="validation.msg.domain.rule.violation")


def integrity(code: str) -> Error:
    """403: unique or foreign key."""
    said = "The request caused a data integrity issue to be fired by the database."
    return error(403, code, said, top=code)


def not_found(entity: str, key: object) -> Error:
    """404: not there, or out of the user's offices."""
    return error(
        404,
        f"error.msg.{entity}.id.invalid",
        f"{entity.capitalize()} with identifier {key} does not exist",
        top="error.msg.resource.not.found",
    )


def unsupported(field: str) -> Error:
    """400: an unknown field."""
    said = f"The parameter {field} is not supported."
    return error(400, "error.msg.parameter.unsupported", said, field=field)


def locked() -> Error:
    """409: the close-of-business job holds the loan."""
    said = "Loan is locked by the COB job"
    return Error(409, envelope(409, "error.msg.loan.locked", said))


def running() -> Error:
    """425: the same key is at work."""
    said = "Request with the same idempotency key is still under processing"
    return Error(425, envelope(425, "error.msg.idempotency.command.under.processing", said))


def unauthenticated(code: str = "error.msg.not.authenticated") -> Error:
    """401: credentials or tenant."""
    return Error(401, envelope(401, code, "Unauthenticated. Please login."))


def unauthorised() -> Error:
    """403: permission."""
    said = "Insufficient privileges to perform this action."
    return error(403, "error.msg.not.authorized", said)


def broken(status: int = 500) -> Error:
    """5xx: anything."""
    return Error(status, envelope(status, "error.msg.platform.server.side.error", "Unknown error"))


def unavailable() -> Response:
    """503 from the balancer."""
    return broken(503).response()


def _too_many(behaviour: Behaviour) -> Response:
    headers = {"Retry-After": str(behaviour.retry_after_seconds)}
    return JSONResponse({"message": "Too many requests"}, 429, headers=headers)


#: Faults of the common table in Fineract's words.
WORDS: Words = {
    Wire.ERROR: lambda _: broken().response(),
    Wire.RATE_LIMITED: _too_many,
    Wire.SPIKE: lambda _: unavailable(),
    Wire.TOKEN_EXPIRED: lambda _: unauthenticated().response(),
    Wire.MISCONFIGURED: lambda _: unauthorised().response(),
}
