"""What the core API says, in the shapes it says it."""

from dataclasses import dataclass
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words

_STATUSES = {
    None: "PENDING",
    Outcome.NEVER: "PENDING",
    Outcome.PAID: "SUCCESSFULL",
    Outcome.CANCELLED: "CANCELLED",
    Outcome.EXPIRED: "EXPIRED",
}
#: Codes of the wallet platform. Only 60019 is published; the others are ours.
_CODES = {
    Outcome.INSUFFICIENT_FUNDS: ("60019", "Le solde du compte du payeur est insuffisant"),
    Outcome.NOT_FOUND: ("00042", "Le beneficiaire est inconnu"),
    Outcome.LIMIT_REACHED: ("60017", "Le plafond est atteint"),
}
_REFUSED = ("00068", "La transaction est refusee")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One payment as its answers show it, merchant payment or cash-in."""

    token: str
    order: str
    number: str
    channel: str
    amount: int
    notif_url: str
    receipt: str
    serial: int


def fault(status: int, code: int, message: str, **headers: str) -> Response:
    """The gateway's refusal, before the API."""
    body = {"fault": {"code": code, "message": message, "description": message}}
    return JSONResponse(body, status, headers=headers)


def said(status: int, message: str) -> Response:
    """The API's own word: a message alone."""
    return JSONResponse({"message": message}, status)


def bad_token() -> Response:
    """The gateway's token is missing or dead."""
    return fault(401, 900901, "Invalid Credentials")


def bad_client() -> Response:
    """Wrong credentials where tokens are given."""
    body = {"error": "invalid_client", "error_description": "The client is not known"}
    return JSONResponse(body, 401)


def forbidden() -> Response:
    """The API's own user, the channel or its PIN is wrong."""
    return said(403, "Access denied")


def unknown_token() -> Response:
    """Nobody took this token here."""
    return said(404, "No mp found for input pay token")


def used_token() -> Response:
    """A payment was made under this token, or it never was one."""
    return said(400, "Invalid payToken supplied")


def unavailable() -> Response:
    """The platform is down."""
    return said(503, "The service is temporarily unavailable")


def busy(behaviour: Behaviour | None = None) -> Response:
    """Too many requests: refused before acting."""
    pause = behaviour.retry_after_seconds if behaviour else 1
    return fault(429, 900802, "Message throttled out", **{"Retry-After": str(pause)})


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return said(status, "Internal error")


WORDS: Words = {
    Wire.ERROR: lambda _: storm(500),
    Wire.RATE_LIMITED: busy,
    Wire.SPIKE: busy,
    Wire.TOKEN_EXPIRED: lambda _: bad_token(),
    Wire.MISCONFIGURED: lambda _: forbidden(),
}


def taken(token: str) -> Response:
    """A pay token."""
    return JSONResponse({"message": "Payment request successfully initiated",
                         "data": {"payToken": token}})  # fmt: skip


def idle(token: str) -> Response:
    """A token under which nothing was paid yet."""
    data = {"payToken": token, "inittxnstatus": None, "status": None}
    return JSONResponse({"message": "Transaction retrieved", "data": data})


def paid(shown: Shown, outcome: Outcome | None) -> Response:
    """What a payment just made is answered: a payer without funds is refused with 400."""
    if outcome is Outcome.INSUFFICIENT_FUNDS:
        code, words = _CODES[outcome]
        body = {"message": f"{code} :: {words}", "data": _data(shown, outcome)}
        return JSONResponse(body, 400)
    message = "Merchant payment successfully initiated"
    return JSONResponse({"message": message, "data": _data(shown, None)})


def status(shown: Shown, outcome: Outcome | None) -> Response:
    """What became of it."""
    return JSONResponse({"message": "Transaction retrieved", "data": _data(shown, outcome)})


def notification(shown: Shown, outcome: Outcome) -> dict[str, Any]:
    """The token on top or under `data`, the status sometimes missing."""
    told: dict[str, Any] = {
        "payToken": shown.token,
        "status": _STATUSES.get(outcome, "FAILED"),
    }
    shapes: tuple[dict[str, Any], ...] = (told, {"data": told}, {"payToken": shown.token})
    return shapes[shown.serial % 3]


def _data(shown: Shown, outcome: Outcome | None) -> dict[str, Any]:
    word = _STATUSES.get(outcome, "FAILED")
    code, words = _CODES.get(outcome or Outcome.FAILED, _REFUSED)
    failed, at_once = word == "FAILED", outcome is Outcome.INSUFFICIENT_FUNDS
    return {
        "id": shown.serial + 1,
        "subscriberMsisdn": shown.number,
        "amount": shown.amount,
        "payToken": shown.token,
        "txnid": shown.receipt if outcome is Outcome.PAID else None,
        "txnmode": shown.order,
        "inittxnstatus": code if at_once else "200",
        "inittxnmessage": words if at_once else "Paiement initie",
        "confirmtxnstatus": code if failed and not at_once else None,
        "confirmtxnmessage": words if failed and not at_once else None,
        "status": word,
        "notifUrl": shown.notif_url,
        "channelUserMsisdn": shown.channel,
    }
