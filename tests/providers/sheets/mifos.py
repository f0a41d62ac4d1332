"""Messages of Mifos X, and a server that plays them."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import httpx

from models.lender_orders import Deposit, Disbursement, Repayment
from models.money import Money
from providers.mifos.client import MifosClient
from providers.mifos.connection import MifosKeys

KEYS = MifosKeys(
    base_url="https://mifos.example/fineract-provider/api/v1",
    tenant="default",
    user="kauri",
    password="canary-password",
)
EXTERNAL = "ins_01jc0000000000000000000000"
DAY = date(2026, 11, 21)
_BOOKING = {
    "on": DAY,
    "amount": Money(1_000_000, "KES"),
    "payment_type_id": 26,
    "receipt": "TKL3XYZ9AB",
    "external_id": EXTERNAL,
    "account_number": "254712000001",
    "idempotency_key": "a" * 48,
}
DISBURSEMENT = Disbursement(loan_id=1, **_BOOKING)  # type: ignore[arg-type]  # one of its fields each
REPAYMENT = Repayment(loan_id=1, **_BOOKING)  # type: ignore[arg-type]  # the same
DEPOSIT = Deposit(savings_id=7, **_BOOKING)  # type: ignore[arg-type]  # the same


def wire(body: Any) -> bytes:
    """A JSON body."""
    return json.dumps(body).encode()


def envelope(status: int, code: str, *, detail: str | None = None, said: str = "said") -> bytes:
    """An error; `detail`: the code of its one error."""
    errors = [{"defaultUserMessage": said, "userMessageGlobalisationCode": detail}]
    return wire(
        {
            "developerMessage": said,
            "httpStatusCode": str(status),
            "defaultUserMessage": said,
            "userMessageGlobalisationCode": code,
            "errors": errors if detail else None,
        }
    )


def disbursed(**changes: Any) -> dict[str, Any]:
    """The answer to a disbursement."""
    answer = {
        "officeId": 1,
        "clientId": 1,
        "loanId": 1,
        "resourceId": 1,
        "subResourceId": 22,
        "subResourceExternalId": EXTERNAL,
        "changes": {
            "receiptNumber": "TKL3XYZ9AB",
            "status": {"id": 300, "code": "loanStatusType.active", "active": True},
            "transactionAmount": 10000,
        },
    }
    return answer | changes


def booked(owner: str = "loanId", key: int = 1, **changes: Any) -> dict[str, Any]:
    """The answer to a repayment or a deposit."""
    answer = {
        "officeId": 1,
        "clientId": 1,
        owner: key,
        "resourceId": 564,
        "changes": {"transactionAmount": "10000.00", "receiptNumber": "TKL3XYZ9AB"},
    }
    return answer | changes


PARKED = {"commandId": 41, "resourceId": 1, "rollbackTransaction": True}


def line(**changes: Any) -> dict[str, Any]:
    """A disbursement among a loan's transactions."""
    shown = {
        "id": 22,
        "type": {"id": 1, "code": "loanTransactionType.disbursement", "disbursement": True},
        "date": [2026, 11, 21],
        "amount": 10000.0,
        "externalId": EXTERNAL,
        "manuallyReversed": False,
        "paymentDetailData": {"receiptNumber": "TKL3XYZ9AB"},
    }
    return shown | changes


def a_loan(status: int = 300, *lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A loan as `GET /loans/{id}` shows it."""
    shown = {
        "id": 1,
        "accountNo": "000000001",
        "externalId": "LN-1",
        "status": {"id": status, "code": "loanStatusType.x"},
        "clientId": 3,
        "clientName": "Amina Otieno",
        "clientOfficeId": 2,
        "loanProductId": 4,
        "currency": {"code": "KES", "decimalPlaces": 2},
        "principal": 10000.0,
        "approvedPrincipal": 10000.0,
        "netDisbursalAmount": 9500.5,
        "timeline": {
            "approvedOnDate": [2026, 11, 2],
            "expectedDisbursementDate": "2026-11-03",
        },
        "transactions": list(lines),
    }
    return shown | changes


Reply = Callable[[httpx.Request], httpx.Response]


def a_client(reply: Reply | httpx.Response) -> tuple[MifosClient, list[httpx.Request]]:
    """A client whose server answers so, and what it was sent."""
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return reply if isinstance(reply, httpx.Response) else reply(request)

    return MifosClient(KEYS, transport=httpx.MockTransport(answer)), sent
