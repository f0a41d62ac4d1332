"""What Wave says, in the shapes Wave says it."""

import hashlib
import hmac
import time
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.book import EXPONENTS, Payment
from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words

#: `last_payment_error.code` of a payment that failed.
ERRORS: dict[Outcome, str] = {
    Outcome.INSUFFICIENT_FUNDS: "insufficient-funds",
    Outcome.LIMIT_REACHED: "kyb-limits-exceeded",
    Outcome.NOT_FOUND: "payer-mobile-mismatch",
    Outcome.NOT_ALLOWED: "blocked-account",
}


def error(status: int, code: str, message: str = "", **headers: str) -> Response:
    """An error: code and message."""
    body = {"code": code, "message": message or code.replace("-", " "), "details": []}
    return JSONResponse(body, status, headers=headers)


def invalid(what: str) -> Response:
    """The request is malformed."""
    return error(400, "request-validation-error", f"{what} is not valid")


def unavailable() -> Response:
    """The platform is down."""
    return error(503, "service-unavailable")


def busy(behaviour: Behaviour | None = None) -> Response:
    """Too many requests: refused before acting."""
    pause = behaviour.retry_after_seconds if behaviour else 1
    return error(429, "too-many-requests", **{"Retry-After": str(pause)})


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return error(status, "internal-server-error")


WORDS: Words = {
    Wire.ERROR: lambda _: storm(500),
    Wire.RATE_LIMITED: busy,
    Wire.SPIKE: busy,
    Wire.TOKEN_EXPIRED: lambda _: unavailable(),
    Wire.MISCONFIGURED: lambda _: error(403, "disabled-wallet"),
}


def written(minor: int, currency: str) -> str:
    """An amount as Wave writes it."""
    exponent = EXPONENTS.get(currency, 0)
    whole, rest = divmod(minor, 10**exponent)
    return f"{whole}.{rest:0{exponent}d}" if rest else str(whole)


def session(payment: Payment, outcome: Outcome | None, *, sure: bool = True) -> dict[str, Any]:
    """A session as it stands with that outcome.

    `sure`: False for an event that tells of a try while the session stays open.
    """
    paid = outcome is Outcome.PAID
    code = ERRORS.get(outcome, "payment-failure") if _failed(outcome) and outcome else None
    taken = payment.taken_minor if paid and payment.taken_minor else payment.amount_minor
    return {
        "id": payment.key,
        "amount": written(taken, payment.currency),
        "currency": (payment.taken_currency if paid else "") or payment.currency,
        **_statuses(outcome, sure=sure),
        "transaction_id": payment.receipt if paid and payment.receipt else None,
        "wave_launch_url": payment.echo["launch_url"],
        "client_reference": payment.echo["client_reference"] or None,
        "business_name": "Kauri demo",
        "aggregated_merchant_id": payment.echo["aggregated_merchant_id"] or None,
        "restrict_payer_mobile": payment.echo["restrict_payer_mobile"] or None,
        "success_url": payment.echo["success_url"],
        "error_url": payment.echo["error_url"],
        "when_created": payment.echo["created"],
        "when_expires": payment.echo["expires"],
        "when_completed": payment.ended_at or None,
        "last_payment_error": {"code": code, "message": code} if code else None,
    }


def event(payment: Payment, outcome: Outcome) -> dict[str, Any] | None:
    """What a webhook claims; None: Wave does not tell of sessions that expire."""
    if outcome is Outcome.EXPIRED:
        return None
    if outcome is Outcome.PAID:
        kind, data = "completed", session(payment, outcome)
    else:
        sure = payment.outcome is outcome
        kind, data = "payment_failed", session(payment, outcome, sure=sure)
    return {"id": f"EV_{payment.key[4:]}_{kind}", "type": f"checkout.session.{kind}", "data": data}


def signed(secret: str, raw: bytes) -> dict[str, str]:
    """The header that proves a webhook."""
    stamp = str(int(time.time()))
    mac = hmac.new(secret.encode(), stamp.encode() + raw, hashlib.sha256).hexdigest()
    return {"Wave-Signature": f"t={stamp},v1={mac}"}


def _failed(outcome: Outcome | None) -> bool:
    return outcome not in {None, Outcome.PAID, Outcome.EXPIRED}


def _statuses(outcome: Outcome | None, *, sure: bool) -> dict[str, str]:
    if outcome is None or (outcome is Outcome.NEVER and sure):
        return {"checkout_status": "open", "payment_status": "processing"}
    if outcome is Outcome.PAID:
        return {"checkout_status": "complete", "payment_status": "succeeded"}
    if outcome is Outcome.EXPIRED:
        return {"checkout_status": "expired", "payment_status": "processing"}
    return {"checkout_status": "complete" if sure else "open", "payment_status": "cancelled"}
