"""What the bank says, in the shapes integrators saw."""

from datetime import UTC, datetime
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import Response
from fastapi.responses import JSONResponse

from simulators.book import Payment
from simulators.faults import Outcome, Wire
from simulators.ncba.book import Line
from simulators.settings import Behaviour
from simulators.spoiler import Words

NAIROBI = ZoneInfo("Africa/Nairobi")
_TOKENS = ("accessToken", "tokenID", "access_token", "token")
_PAGE = (
    "<html><head><title>Security Notice</title></head><body><h1>Security Notice</h1>"
    "<p>The requested URL was rejected. Please consult with your administrator.</p></body></html>"
)
_STATUSES = {Outcome.PAID: "SUCCESS", Outcome.NEVER: "PENDING"}
#: The refusals of the core, all of them under HTTP 200. The codes are ours: none is published.
REFUSALS = {
    "refused": ("999", "Transaction could not be completed"),
    "funds": ("116", "Insufficient funds"),
    "account": ("114", "Invalid account number"),
    "short_code": ("115", "Invalid paybill or till number"),
    "limit": ("117", "Amount is outside the limits of this channel"),
    "repeat": ("094", "Duplicate transaction reference"),
}


def gateway(status: int, message: str, **headers: str) -> Response:
    """An error of the gateway."""
    return JSONResponse({"statusCode": status, "message": message}, status, headers=headers)


def firewall() -> Response:
    """The page that stands before the gateway."""
    return Response(_PAGE, 403, media_type="text/html")


def unauthorized() -> Response:
    """The token is missing or dead."""
    return gateway(401, "Unauthorized")


def invalid(field: str) -> Response:
    """The request is wrong in this field."""
    return JSONResponse({"resErrorCode": "400", "resErrorMessage": f"Invalid {field}"}, 400)


def not_found() -> Response:
    """No such path: the prefix was lost, most often."""
    return gateway(404, "Resource not found")


def unavailable() -> Response:
    """The gateway is down."""
    return gateway(503, "Service Unavailable")


def storm(status: int) -> Response:
    """One of a storm of 5xx."""
    return gateway(status, "Internal server error")


def busy(seconds: int = 1) -> Response:
    """Refused before acting."""
    return gateway(429, "Rate limit is exceeded", **{"Retry-After": str(seconds)})


WORDS: Words = {
    Wire.ERROR: lambda _: storm(500),
    Wire.RATE_LIMITED: lambda behaviour: busy(behaviour.retry_after_seconds),
    Wire.SPIKE: lambda behaviour: busy(behaviour.retry_after_seconds),
    Wire.TOKEN_EXPIRED: lambda _: unauthorized(),
    Wire.MISCONFIGURED: lambda _: firewall(),
}


class Shapes:
    """Answers whose shape changes from one to the next."""

    def __init__(self) -> None:
        self._tokens = cycle(_TOKENS)
        self._lists = cycle((True, False))

    def token(self, token: str, behaviour: Behaviour) -> Response:
        """A token under one of its four names; no life is told."""
        name = str(behaviour.token_named) or next(self._tokens)
        return JSONResponse({name: token, "tokenType": "Bearer"})

    def statement(self, rows: list[dict[str, str]], behaviour: Behaviour) -> Response:
        """A bare list or a list inside an object."""
        chosen = behaviour.statement_as
        bare = next(self._lists) if chosen == "alternate" else chosen == "list"
        return JSONResponse(rows if bare else {"transactions": rows})


def refusal(why: str, ours: str, *, rail: str) -> Response:
    """HTTP 200 that says no, in the words of that rail."""
    code, words = REFUSALS[why]
    if rail == "float":
        return JSONResponse({"hdrRefNo": ours, "resErrorCode": code, "resErrorMessage": words})
    return JSONResponse({"resultCode": code, "statusDescription": words, "TransactionID": ours})


def float_taken(payment: Payment) -> Response:
    """000: accepted, nothing more."""
    return JSONResponse(
        {
            "hdrRefNo": payment.our_reference,
            "hdrTranId": payment.key,
            "resErrorCode": "000",
            "resErrorDesc": "Success",
            "resErrorMessage": "Request accepted for processing",
            "UnitId": "KE",
        }
    )


def transferred(payment: Payment) -> Response:
    """000: done."""
    return JSONResponse(
        {
            "resultCode": "000",
            "statusDescription": "Success",
            "TransactionID": payment.our_reference,
            "BankReference": payment.key,
        }
    )


def validated(account: str, *, there: bool) -> Response:
    """Whether an account at another bank is there: HTTP 200 either way."""
    code, words = ("00", "Approved") if there else ("14", f"Invalid account {account}")
    return JSONResponse({"StatusCode": code, "StatusMessage": words})


def owner(short_code: str, name: str | None) -> Response:
    """Whose short code it is; HTTP 200 for nobody's too."""
    if name is None:
        code, words = REFUSALS["short_code"]
        return JSONResponse({"errorCode": code, "errorMessage": words})
    return JSONResponse(
        {"errorCode": "000", "OrganizationName": name, "origanizationShortCode": short_code}
    )


def balance(account: str, minor: int) -> Response:
    """What the account holds."""
    return JSONResponse(
        {"accountNo": account, "currency": "KES", "availableBalance": written(minor)}
    )


def callback(payment: Payment, outcome: Outcome) -> dict[str, Any]:
    """The bank's word on a float purchase."""
    return {
        "TransactionID": payment.our_reference,
        "Status": _STATUSES.get(outcome, "FAILED"),
        "resultDescription": outcome.value,
        "bankRef": payment.key,
        "Amount": written(payment.taken_minor or payment.amount_minor),
    }


def bounced(payment: Payment) -> dict[str, Any]:
    """The bank's word on a payment the other bank sent back."""
    said = callback(payment, Outcome.PAID)
    return {**said, "Status": "RETURNED", "resultDescription": "returned by the other bank"}


def row(line: Line) -> dict[str, str]:
    """One line of a statement."""
    credit, shown = line.minor > 0, written(abs(line.minor))
    return {
        "ValueDate": local(line).strftime("%d%m%Y"),
        "CreditDebitFlag": "Credit" if credit else "Debit",
        "InstrumentReferenceNumber": line.reference,
        "CreditAmount": shown if credit else "0.00",
        "DebitAmount": "0.00" if credit else shown,
        "RunningBalance": written(line.balance_minor),
        "Narrative": line.narrative.upper(),
        "TransactionCode": "CRT" if credit else "DBT",
        "TransactionCodeDescription": "Credit" if credit else "Debit",
        "PaymentDetails": line.narrative,
        "CreditReference": line.cause,
        "AdditionalReference": line.facts.get("receipt", ""),
        "TransactionCurrency": "KES",
    }


def local(line: Line) -> datetime:
    """When the line was posted, on the bank's clock."""
    return datetime.fromisoformat(line.at).replace(tzinfo=UTC).astimezone(NAIROBI)


def written(minor: int) -> str:
    """Shillings with two decimals."""
    whole, cents = divmod(abs(minor), 100)
    return f"{'-' if minor < 0 else ''}{whole}.{cents:02d}"
