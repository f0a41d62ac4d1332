"""What Mastercard Gateway says, in the shapes it says it: amounts are JSON numbers."""

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.book import EXPONENTS, Payment
from simulators.cards.book import Refund
from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words

#: `response.gatewayCode` of a payment that failed.
CODES: dict[Outcome, str] = {
    Outcome.INSUFFICIENT_FUNDS: "INSUFFICIENT_FUNDS",
    Outcome.CANCELLED: "CANCELLED",
    Outcome.WRONG_PIN: "AUTHENTICATION_FAILED",
    Outcome.UNREACHABLE: "TIMED_OUT",
    Outcome.NOT_FOUND: "DECLINED_INVALID_CARD",
    Outcome.LIMIT_REACHED: "BLOCKED",
}
#: Nobody submitted a card: there is no order.
UNSEEN = {None, Outcome.NEVER, Outcome.EXPIRED}


def error(status: int, cause: str, explanation: str, **headers: str) -> Response:
    """An error: nothing became of any card."""
    said = {"cause": cause, "explanation": explanation}
    return JSONResponse({"error": said, "result": "ERROR"}, status, headers=headers)


def invalid(field: str) -> Response:
    """The request is malformed."""
    explanation = f"Value for {field} is missing or not valid."
    said = {
        "cause": "INVALID_REQUEST",
        "explanation": explanation,
        "field": field,
        "validationType": "INVALID",
    }
    return JSONResponse({"error": said, "result": "ERROR"}, 400)


def missing(what: str, key: str) -> Response:
    """There is no such order, or no such transaction in it."""
    return error(400, "INVALID_REQUEST", f"Unable to find {what} '{key}'")


def unavailable() -> Response:
    """The platform is down."""
    return error(503, "SERVER_FAILED", "Service unavailable")


def busy(behaviour: Behaviour | None = None, status: int = 503) -> Response:
    """Too many requests: refused before acting."""
    pause = behaviour.retry_after_seconds if behaviour else 1
    return error(status, "SERVER_BUSY", "Try again later", **{"Retry-After": str(pause)})


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return error(status, "SERVER_FAILED", "Internal error")


def credentials() -> Response:
    """The password, or the merchant, is not ours."""
    return error(401, "INVALID_REQUEST", "Invalid credentials.")


WORDS: Words = {
    Wire.ERROR: lambda _: storm(500),
    Wire.RATE_LIMITED: lambda behaviour: busy(behaviour, 429),
    Wire.SPIKE: busy,
    Wire.TOKEN_EXPIRED: lambda _: unavailable(),
    Wire.MISCONFIGURED: lambda _: credentials(),
}


def written(minor: int, currency: str) -> str:
    """An amount for people and for comparing."""
    exponent = EXPONENTS.get(currency, 0)
    whole, rest = divmod(minor, 10**exponent)
    return f"{whole}.{rest:0{exponent}d}" if exponent else str(whole)


def order(
    merchant: str, payments: list[Payment], refunds: list[Refund], *, stale: bool = False
) -> dict[str, Any]:
    """An order with all its transactions. `stale`: the payer has only begun."""
    first = payments[0]
    paid = [] if stale else [one for one in payments if one.outcome is Outcome.PAID]
    captured = sum(one.taken_minor for one in paid)
    back = sum(one.amount_minor for one in refunds if one.done)
    status = "AUTHENTICATION_INITIATED" if stale else _status(captured, back)
    currency = paid[0].taken_currency if paid else first.currency
    told = [] if stale else [one for one in payments if one.outcome not in UNSEEN]
    tries = [transaction(merchant, one, number) for number, one in enumerate(told, 1)]
    return {
        "merchant": merchant,
        "id": first.our_reference,
        "amount": _number(first.amount_minor, first.currency),
        "currency": currency,
        "description": first.echo["description"],
        "status": status,
        "result": "SUCCESS" if paid or stale else "FAILURE",
        "creationTime": first.echo["created"],
        "totalAuthorizedAmount": _number(captured, currency),
        "totalCapturedAmount": _number(captured, currency),
        "totalRefundedAmount": _number(back, currency),
        "transaction": [*tries, *(refund(merchant, first, one) for one in refunds)],
    }


def transaction(
    merchant: str, payment: Payment, number: int, outcome: Outcome | None = None
) -> dict[str, Any]:
    """A payment as a transaction; `outcome`: what a notification claims of it."""
    claimed = outcome or payment.outcome or Outcome.NEVER
    paid = claimed is Outcome.PAID
    taken = payment.taken_minor if paid and payment.taken_minor else payment.amount_minor
    currency = (payment.taken_currency if paid else "") or payment.currency
    code = "APPROVED" if paid else CODES.get(claimed, "DECLINED")
    done = {"id": str(number), "type": "PAYMENT", "receipt": payment.receipt or None}
    return _told(merchant, payment, code, {**_amounts(taken, currency), **done})


def authentication(merchant: str, payment: Payment) -> dict[str, Any]:
    """What comes before a payment: it succeeded, and no money moved."""
    amounts = _amounts(payment.amount_minor, payment.currency)
    told = _told(
        merchant, payment, "APPROVED", {**amounts, "id": "auth-1", "type": "AUTHENTICATION"}
    )
    return {**told, "order": {**told["order"], "status": "AUTHENTICATED"}}


def refund(merchant: str, payment: Payment, given: Refund) -> dict[str, Any]:
    """A refund as a transaction."""
    done = {"id": given.key, "type": "REFUND", "receipt": given.receipt or None}
    amounts = _amounts(given.amount_minor, given.currency)
    return _told(merchant, payment, "APPROVED" if given.done else "DECLINED", {**amounts, **done})


def _told(merchant: str, payment: Payment, code: str, done: dict[str, Any]) -> dict[str, Any]:
    approved = code == "APPROVED"
    return {
        "merchant": merchant,
        "order": {
            **_amounts(payment.amount_minor, payment.currency),
            "id": payment.our_reference,
            "status": "CAPTURED" if approved else "FAILED",
        },
        "response": {"acquirerMessage": code.replace("_", " ").capitalize(), "gatewayCode": code},
        "result": "SUCCESS" if approved else "FAILURE",
        "sourceOfFunds": {
            "provided": {"card": {"brand": "VISA", "number": "400000xxxxxx0000"}},
            "type": "CARD",
        },
        "timeOfRecord": payment.ended_at or None,
        "transaction": done,
        "version": "100",
    }


def _status(captured: int, back: int) -> str:
    if not captured:
        return "FAILED"
    if not back:
        return "CAPTURED"
    return "REFUNDED" if back >= captured else "PARTIALLY_REFUNDED"


def _amounts(minor: int, currency: str) -> dict[str, Any]:
    return {"amount": _number(minor, currency), "currency": currency}


def _number(minor: int, currency: str) -> float:
    """As the gateway writes it: a JSON number."""
    return float(written(minor, currency))
