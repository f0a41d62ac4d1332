"""What Orange says, in the shapes Orange says it."""

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.book import Payment
from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words

_STATUSES = {
    None: "INITIATED",
    Outcome.NEVER: "PENDING",
    Outcome.PAID: "SUCCESS",
    Outcome.EXPIRED: "EXPIRED",
}


def error(status: int, code: int, message: str, **headers: str) -> Response:
    """An error: code, message, description."""
    body = {"code": code, "message": message, "description": message}
    return JSONResponse(body, status, headers=headers)


def invalid(what: str) -> Response:
    """A field is missing or malformed."""
    return error(400, 1200, f"{what} is not valid")


def used() -> Response:
    """The order id names another page already."""
    return error(400, 1204, "Order already exists")


def bad_token() -> Response:
    """The token is missing, dead or somebody else's."""
    return error(401, 42, "Expired credentials")


def bad_client() -> Response:
    """Wrong credentials where tokens are given."""
    body = {"error": "invalid_client", "error_description": "The client is not known"}
    return JSONResponse(body, 401)


def elsewhere() -> Response:
    """No such place: keys of the sandbox and of production do not mix."""
    return error(404, 60, "Resource not found")


def unavailable() -> Response:
    """The platform is down."""
    return error(503, 5, "The service is temporarily unavailable")


def busy(behaviour: Behaviour | None = None) -> Response:
    """Too many requests: refused before acting."""
    pause = behaviour.retry_after_seconds if behaviour else 1
    return error(429, 53, "Too many requests", **{"Retry-After": str(pause)})


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return error(status, 1, "Internal error")


WORDS: Words = {
    Wire.ERROR: lambda _: storm(500),
    Wire.RATE_LIMITED: busy,
    Wire.SPIKE: busy,
    Wire.TOKEN_EXPIRED: lambda _: bad_token(),
    Wire.MISCONFIGURED: lambda _: error(403, 50, "Access denied"),
}


def made(payment: Payment) -> Response:
    """A page was made."""
    body = {
        "status": 201,
        "message": "OK",
        "pay_token": payment.key,
        "payment_url": payment.echo["payment_url"],
        "notif_token": payment.echo["notif_token"],
    }
    return JSONResponse(body, 201)


def status(payment: Payment, outcome: Outcome | None) -> Response:
    """What became of a page; the amount is not repeated."""
    told = {"status": _STATUSES.get(outcome, "FAILED"), "order_id": payment.our_reference}
    receipt = payment.receipt if outcome is Outcome.PAID else ""
    return JSONResponse({**told, "txnid": receipt}, 201)


def notification(payment: Payment, outcome: Outcome) -> dict[str, Any] | None:
    """What a notification claims; None: Orange tells of no page that lapses.

    One that claims money nobody took does not know the page's token.
    """
    if outcome is Outcome.EXPIRED:
        return None
    forged = outcome is Outcome.PAID and payment.outcome is not Outcome.PAID
    token = "0" * 32 if forged else payment.echo["notif_token"]
    receipt = payment.receipt or "MP000000.0000.A00000"
    return {"status": _STATUSES.get(outcome, "FAILED"), "notif_token": token, "txnid": receipt}
