"""What MTN says, in the shapes MTN says it."""

from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators import codes
from simulators.book import EXPONENTS, Payment
from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words
from simulators.wallet_book import Payout

#: Reason of a FAILED payment; None: MTN names none.
REASONS: dict[Outcome, str | None] = {
    Outcome.DECLINED: "APPROVAL_REJECTED",
    Outcome.CANCELLED: "TRANSACTION_CANCELED",
    Outcome.INSUFFICIENT_FUNDS: "NOT_ENOUGH_FUNDS",
    Outcome.WRONG_PIN: "PAYMENT_NOT_APPROVED",
    Outcome.EXPIRED: "EXPIRED",
    Outcome.UNREACHABLE: "COULD_NOT_PERFORM_TRANSACTION",
    Outcome.NOT_FOUND: "PAYER_NOT_FOUND",
    Outcome.LIMIT_REACHED: "PAYER_LIMIT_REACHED",
    Outcome.FAILED: None,
    Outcome.PAYEE_NOT_ALLOWED: "PAYEE_NOT_ALLOWED_TO_RECEIVE",
    Outcome.NOT_ALLOWED: "NOT_ALLOWED",
    Outcome.INTERNAL_ERROR: "INTERNAL_PROCESSING_ERROR",
    Outcome.UNAVAILABLE: "SERVICE_UNAVAILABLE",
    Outcome.COULD_NOT_PERFORM: "COULD_NOT_PERFORM_TRANSACTION",
    Outcome.TRANSFER_TYPE_UNKNOWN: "TRANSFER_TYPE_UNKNOWN",
}

#: Of a transfer: it is the payee who has no wallet or is full.
_PAYEE_REASONS = {
    Outcome.NOT_FOUND: "PAYEE_NOT_FOUND",
    Outcome.LIMIT_REACHED: "PAYEE_LIMIT_REACHED",
}

_WORDS = {
    "RESOURCE_NOT_FOUND": "Requested resource was not found.",
    "RESOURCE_ALREADY_EXIST": "Duplicated reference id. Creation of resource failed.",
    "NOT_ALLOWED_TARGET_ENVIRONMENT": "Access to target environment is forbidden.",
    "INVALID_CALLBACK_URL_HOST": "Callback URL with different host set.",
    "INVALID_CURRENCY": "Currency not supported.",
    "INTERNAL_PROCESSING_ERROR": "An internal error occurred while processing.",
    "SERVICE_UNAVAILABLE": "Service temporarily unavailable, try again later.",
    "FORBIDDEN_IP": "Request from this IP is not allowed.",
    "NOT_ALLOWED": "Not allowed.",
    "PAYER_NOT_FOUND": "Payer does not exist.",
}


def error(status: int, code: str) -> Response:
    """An error of the platform: code and message."""
    return JSONResponse({"code": code, "message": _WORDS.get(code, code)}, status)


def gateway(status: int, message: str, **headers: str) -> Response:
    """An error of the gateway before the platform: statusCode and message, no code."""
    return JSONResponse({"statusCode": status, "message": message}, status, headers=headers)


def bad_request(what: str) -> Response:
    """The request is malformed."""
    return error(400, f"Bad request: {what}")


def unauthorized() -> Response:
    """The bearer token is missing, dead, or of another product."""
    return gateway(401, "Unauthorized. Access token is missing or invalid.")


def wrong_subscription() -> Response:
    """The subscription key is missing or wrong."""
    said = "Access denied due to invalid subscription key. Make sure to provide a valid key."
    return gateway(401, said)


def unavailable() -> Response:
    """The platform is down."""
    return error(503, "SERVICE_UNAVAILABLE")


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return error(status, "INTERNAL_PROCESSING_ERROR")


def _rate_limited(behaviour: Behaviour) -> Response:
    pause = behaviour.retry_after_seconds
    said = f"Rate limit is exceeded. Try again in {pause} seconds."
    return gateway(429, said, **{"Retry-After": str(pause)})


WORDS: Words = {
    Wire.ERROR: lambda _: storm(500),
    Wire.RATE_LIMITED: _rate_limited,
    Wire.SPIKE: lambda _: unavailable(),
    Wire.TOKEN_EXPIRED: lambda _: unauthorized(),
    Wire.MISCONFIGURED: lambda _: error(403, "FORBIDDEN_IP"),
}


def body(payment: Payment, outcome: Outcome | None, behaviour: Behaviour) -> dict[str, Any]:
    """Status answer and callback alike. None and NEVER say PENDING."""
    said: dict[str, Any] = {
        "amount": _amount(payment, outcome, behaviour),
        "currency": (payment.taken_currency if _settled(outcome) else "") or payment.currency,
        "externalId": payment.echo["externalId"],
        "payer": {"partyIdType": "MSISDN", "partyId": payment.payer},
        "payerMessage": payment.echo["payerMessage"],
        "payeeNote": payment.echo["payeeNote"],
    }
    if _settled(outcome):
        receipt = payment.receipt or codes.digits(10)
        return {**said, "financialTransactionId": receipt, "status": "SUCCESSFUL"}
    if payment.serial % 2:
        said["financialTransactionId"] = None
    if outcome is None or outcome is Outcome.NEVER:
        return {**said, "status": "PENDING"}
    return {**said, "status": "FAILED", **_reason(REASONS[outcome], payment.serial, behaviour)}


def sent_body(payout: Payout, outcome: Outcome | None, behaviour: Behaviour) -> dict[str, Any]:
    """Status and callback of a transfer or a refund; a refund names no payee."""
    payee = {"payee": {"partyIdType": "MSISDN", "partyId": payout.payee}} if payout.payee else {}
    said: dict[str, Any] = {
        "amount": _shaped(payout.echo["amount"], payout.serial, behaviour),
        "currency": payout.currency,
        "externalId": payout.echo["externalId"],
        **payee,
        "payerMessage": payout.echo["payerMessage"],
        "payeeNote": payout.echo["payeeNote"],
    }
    if _settled(outcome):
        receipt = payout.receipt or codes.digits(10)
        return {**said, "financialTransactionId": receipt, "status": "SUCCESSFUL"}
    if outcome is None or outcome is Outcome.NEVER:
        return {**said, "status": "PENDING"}
    code = _PAYEE_REASONS.get(outcome, REASONS[outcome])
    return {**said, "status": "FAILED", **_reason(code, payout.serial, behaviour)}


def written(minor: int, currency: str) -> str:
    """An amount as MTN writes it."""
    exponent = EXPONENTS.get(currency, 0)
    whole, rest = divmod(minor, 10**exponent)
    return f"{whole}.{rest:0{exponent}d}" if exponent else str(whole)


def _settled(outcome: Outcome | None) -> bool:
    return outcome is Outcome.PAID


def _amount(payment: Payment, outcome: Outcome | None, behaviour: Behaviour) -> str | int | float:
    minor = payment.taken_minor if _settled(outcome) and payment.taken_minor else None
    if minor is None or minor == payment.amount_minor:
        text = payment.echo["amount"]
    else:
        text = written(minor, payment.currency)
    return _shaped(text, payment.serial, behaviour)


def _shaped(text: str, serial: int, behaviour: Behaviour) -> str | int | float:
    as_number = behaviour.amount_as == "number" or (
        behaviour.amount_as == "alternate" and serial % 2 == 1
    )
    if not as_number:
        return text
    return float(text) if "." in text else int(text)


def _reason(code: str | None, serial: int, behaviour: Behaviour) -> dict[str, Any]:
    shape = behaviour.reason_as
    if code is None or shape == "missing":
        return {}
    if shape == "object" or (shape == "alternate" and serial % 2 == 1):
        return {"reason": {"code": code, "message": _WORDS.get(code, "")}}
    return {"reason": code}
