"""Case sheet of MTN MoMo."""

import json
from typing import Any

import httpx

from models.charge import Charge
from models.ids import momo_reference
from models.money import Money
from models.reading import Verdict
from providers.momo.client import MomoClient
from providers.momo.provider import PROVIDER
from providers.momo.settings import MomoSettings
from tests.providers.sheets.sheet import Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
SETTINGS = MomoSettings(
    base_url="https://momo.example",
    subscription_key="canary-subscription",
    api_user="3fa85f64-5717-4562-b3fc-2c963f66afa6",
    api_key="canary-api-key",
    target_environment="mtncameroon",
)


def error(status: int, code: str | None = None, message: str = "said") -> Wire:
    """An error body; without a code in the gateway's shape."""
    named = {"code": code} if code else {"statusCode": status}
    return Wire(status=status, body=json.dumps({**named, "message": message}).encode())


def operation(status: str, **changes: Any) -> bytes:
    """The body of a status answer and of a callback."""
    body = {
        "amount": "1500",
        "currency": "XAF",
        "externalId": ATTEMPT,
        "payer": {"partyIdType": "MSISDN", "partyId": "237670000001"},
        "payerMessage": "Order 42",
        "payeeNote": "Order 42",
        "status": status,
    }
    return json.dumps(body | changes).encode()


PAID = operation("SUCCESSFUL", financialTransactionId="23503452")
DECLINED = operation("FAILED", reason="APPROVAL_REJECTED")


def _reference(request: httpx.Request) -> str:
    return request.headers.get("X-Reference-Id") or request.url.path.rsplit("/", 1)[-1]


SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=lambda transport: MomoClient(SETTINGS, transport=transport),
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # MTN fills this slot
    charge=Charge(
        attempt_id=ATTEMPT,
        amount=Money(1500, "XAF"),
        payer="237670000001",
        callback_url="https://pay.example/in/mm1/abc.def",
        description="Order 42",
        livemode=False,
        provider_reference=momo_reference(ATTEMPT),
    ),
    token_path="/collection/token/",
    token=Wire(
        body=b'{"access_token":"canary-token","token_type":"access_token","expires_in":3600}'
    ),
    no_token=Wire(status=500, body=b'{"error":"login_failed"}'),
    stale=error(401, message="Unauthorized. Access token is invalid or expired"),
    not_now=(
        error(429, message="Rate limit is exceeded"),
        error(503, "SERVICE_UNAVAILABLE"),
        Wire(status=429),
    ),
    acks={
        Verdict.PENDING: (Wire(status=202), Wire(status=202, body=b"   ")),
        Verdict.REFUSED: (
            error(400, message="Bad request"),
            error(403, "FORBIDDEN_IP"),
            error(500, "INVALID_CALLBACK_URL_HOST"),
            error(401, message="Access denied due to invalid subscription key."),
        ),
        Verdict.UNKNOWN: (
            error(409, "RESOURCE_ALREADY_EXIST", "Duplicated reference id."),
            error(500, "INTERNAL_PROCESSING_ERROR"),
            Wire(status=500, body=b"{}"),
        ),
    },
    answers={
        Verdict.PENDING: (Wire(body=operation("PENDING")),),
        Verdict.SETTLED: (Wire(body=PAID),),
        Verdict.REFUSED: (
            Wire(body=DECLINED),
            Wire(body=operation("FAILED", reason={"code": "NOT_ENOUGH_FUNDS", "message": "no"})),
            Wire(body=operation("FAILED")),
        ),
        Verdict.UNKNOWN: (
            error(404, "RESOURCE_NOT_FOUND"),
            error(500, "NOT_ALLOWED_TARGET_ENVIRONMENT"),
            Wire(body=operation("HALF_DONE")),
        ),
    },
    notices={
        Verdict.PENDING: (operation("PENDING"),),
        Verdict.SETTLED: (PAID,),
        Verdict.REFUSED: (DECLINED, operation("FAILED", reason={"code": "EXPIRED"})),
        Verdict.UNKNOWN: (operation("HALF_DONE"), b'{"note":"no status"}'),
    },
    repeat=error(409, "RESOURCE_ALREADY_EXIST", "Duplicated reference id."),
    reference=_reference,
    secrets=("canary-subscription", "canary-api-key", "canary-token"),
)
