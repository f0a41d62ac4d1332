"""What Camtel would say under the proposed contract."""

import hashlib
import hmac
import time
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators import codes
from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words

_STATUSES = {
    None: "PENDING",
    Outcome.NEVER: "PROCESSING",
    Outcome.PAID: "SUCCEEDED",
    Outcome.CANCELLED: "CANCELLED",
    Outcome.EXPIRED: "EXPIRED",
}
_FAILURES = {
    Outcome.INSUFFICIENT_FUNDS: "insufficient_funds",
    Outcome.NOT_FOUND: "account_unknown",
    Outcome.LIMIT_REACHED: "limit_exceeded",
}


def error(status: int, code: str, **headers: str) -> Response:
    """An error: code, message, request id."""
    said = {"code": code, "message": code.replace("_", " "), "request_id": codes.digits(8)}
    return JSONResponse({"error": said}, status, headers=headers)


def unavailable() -> Response:
    """The platform is down."""
    return error(503, "unavailable")


def busy(behaviour: Behaviour | None = None) -> Response:
    """Too many requests: refused before acting."""
    pause = behaviour.retry_after_seconds if behaviour else 1
    return error(429, "rate_limited", **{"Retry-After": str(pause)})


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return error(status, "internal_error")


WORDS: Words = {
    Wire.ERROR: lambda _: storm(500),
    Wire.RATE_LIMITED: busy,
    Wire.SPIKE: busy,
    Wire.TOKEN_EXPIRED: lambda _: error(401, "invalid_token"),
    Wire.MISCONFIGURED: lambda _: error(403, "forbidden"),
}


def resource(
    key: str, reference: str, amount: int, receipt: str, outcome: Outcome | None
) -> dict[str, Any]:
    """A collection, transfer or refund."""
    status = _STATUSES.get(outcome, "FAILED")
    shown = {
        "id": key,
        "client_reference": reference,
        "status": status,
        "amount": str(amount),
        "currency": "XAF",
    }
    if status == "SUCCEEDED":
        return {**shown, "provider_receipt": receipt or f"BM{codes.digits(10)}"}
    if status == "FAILED":
        code = _FAILURES.get(outcome or Outcome.FAILED, "declined")
        return {**shown, "error": {"code": code, "message": code.replace("_", " ")}}
    return shown


def event(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    """A callback."""
    return {"event_id": f"evt_{codes.digits(12)}", "type": f"{kind}.updated", "data": told}


def signed(secret: str, raw: bytes) -> dict[str, str]:
    """The header that proves a callback."""
    stamp = str(int(time.time()))
    made = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    return {"X-Signature": f"t={stamp},v1={made}"}
