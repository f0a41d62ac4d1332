"""What Daraja says, spelled as Daraja spells it."""

import uuid
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators import codes
from simulators.book import Payment
from simulators.faults import Outcome, Wire
from simulators.settings import Behaviour
from simulators.spoiler import Words

NAIROBI = ZoneInfo("Africa/Nairobi")

RESULTS: dict[Outcome, tuple[int, str]] = {
    Outcome.PAID: (0, "The service request is processed successfully."),
    Outcome.DECLINED: (1032, "Request cancelled by user"),
    Outcome.CANCELLED: (1031, "Request cancelled by user"),
    Outcome.INSUFFICIENT_FUNDS: (1, "The balance is insufficient for the transaction."),
    Outcome.WRONG_PIN: (2001, "The initiator information is invalid."),
    Outcome.EXPIRED: (1019, "Transaction has expired"),
    Outcome.UNREACHABLE: (1037, "DS timeout user cannot be reached"),
    Outcome.NOT_FOUND: (2051, "The customer is not registered."),
    Outcome.LIMIT_REACHED: (4, "Declined due to limit rule: would exceed daily transfer limit"),
    Outcome.UNDELIVERED: (1025, "An error occurred while sending a push request"),
    Outcome.NEVER: (1037, "DS timeout user cannot be reached"),
}


def error(status: int, error_code: str, message: str, **headers: str) -> Response:
    """A synchronous error."""
    body = {"requestId": str(uuid.uuid4()), "errorCode": error_code, "errorMessage": message}
    return JSONResponse(body, status, headers=headers)


def invalid(what: str) -> Response:
    """The request is wrong in this field."""
    return error(400, "400.002.02", f"Bad Request - Invalid {what}")


def invalid_token() -> Response:
    """The bearer token is unknown or dead."""
    return error(404, "404.001.03", "Invalid Access Token")


def processing() -> Response:
    """The payer has not decided yet: an HTTP 500 that is no error."""
    return error(500, "500.001.1001", "The transaction is being processed")


def unavailable() -> Response:
    """The platform is down."""
    return error(503, "500.002.1001", "Service is currently under maintenance")


def busy() -> Response:
    """Refused before acting."""
    return error(500, "500.003.02", "System is busy. Please try again in few minutes.")


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return error(status, "500.003.1001", "Internal Server Error")


def _rate_limited(behaviour: Behaviour) -> Response:
    pause = {"Retry-After": str(behaviour.retry_after_seconds)}
    return error(429, "500.003.02", "Spike arrest violation", **pause)


def no_merchant() -> Response:
    """The short code is unknown, or another app's."""
    return error(500, "500.001.1001", "Merchant does not exist")


def duplicate() -> Response:
    """The reference was taken before; whatever it was for is on its way or done."""
    return error(500, "500.002.1001", "Duplicate OriginatorConversationID.")


def registered_before() -> Response:
    """In production the first registration stands."""
    return error(500, "500.003.1001", "Urls are already registered")


def queued(conversation: str, originator: str) -> Response:
    """The instruction is taken in; the result comes to its ResultURL."""
    return JSONResponse(
        {
            "ConversationID": conversation,
            "OriginatorConversationID": originator,
            "ResponseCode": "0",
            "ResponseDescription": "Accept the service request successfully.",
        }
    )


def registered(originator: str) -> Response:
    """The addresses are known; the misspelling is Daraja's."""
    return JSONResponse(
        {
            "OriginatorCoversationID": originator,
            "ResponseCode": "0",
            "ResponseDescription": "success",
        }
    )


def wrong_credentials() -> Response:
    """Short code, passkey and stamp do not fit together."""
    return error(500, "500.001.1001", "[MerchantValidate] - Wrong credentials")


WORDS: Words = {
    Wire.ERROR: lambda _: error(500, "500.002.1001", "System internal error"),
    Wire.RATE_LIMITED: _rate_limited,
    Wire.SPIKE: lambda _: busy(),
    Wire.TOKEN_EXPIRED: lambda _: invalid_token(),
    Wire.MISCONFIGURED: lambda _: wrong_credentials(),
}


def ack(payment: Payment) -> Response:
    """The prompt is queued; nobody has paid."""
    return JSONResponse(
        {
            "MerchantRequestID": payment.echo["MerchantRequestID"],
            "CheckoutRequestID": payment.key,
            "ResponseCode": "0",
            "ResponseDescription": "Success. Request accepted for processing",
            "CustomerMessage": "Success. Request accepted for processing",
        }
    )


def query(payment: Payment, outcome: Outcome) -> Response:
    """The final word on a payment: codes are strings here, and there is no receipt."""
    result, words = RESULTS[outcome]
    return JSONResponse(
        {
            "ResponseCode": "0",
            "ResponseDescription": "The service request has been accepted successsfully",
            "MerchantRequestID": payment.echo["MerchantRequestID"],
            "CheckoutRequestID": payment.key,
            "ResultCode": str(result),
            "ResultDesc": words,
        }
    )


def callback(payment: Payment, outcome: Outcome) -> dict[str, Any]:
    """The body posted to CallBackURL: codes are integers, metadata only where money moved."""
    result, words = RESULTS[outcome]
    said: dict[str, Any] = {
        "MerchantRequestID": payment.echo["MerchantRequestID"],
        "CheckoutRequestID": payment.key,
        "ResultCode": result,
        "ResultDesc": words,
    }
    if outcome is Outcome.PAID:
        said["CallbackMetadata"] = {"Item": _metadata(payment)}
    return {"Body": {"stkCallback": said}}


def _metadata(payment: Payment) -> list[dict[str, Any]]:
    shillings = (payment.taken_minor or payment.amount_minor) / 100
    stamp = datetime.now(UTC).astimezone(NAIROBI).strftime("%Y%m%d%H%M%S")
    return [
        {"Name": "Amount", "Value": shillings},
        {"Name": "MpesaReceiptNumber", "Value": payment.receipt or codes.receipt()},
        {"Name": "Balance"},
        {"Name": "TransactionDate", "Value": int(stamp)},
        {"Name": "PhoneNumber", "Value": int(payment.payer)},
    ]
