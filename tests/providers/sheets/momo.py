"""Case sheet of MTN MoMo."""

import json
from dataclasses import replace
from typing import Any

import httpx

from models.charge import Charge
from models.ids import momo_reference
from models.money import Money
from models.money_out import PayoutOrder, RefundOrder
from models.reading import Verdict
from providers.momo.client import MomoClient
from providers.momo.provider import PROVIDER
from providers.momo.settings import MomoSettings
from providers.momo.wallet import MomoWallet
from tests.providers.sheets.sheet import MoneyOut, Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
SETTINGS = MomoSettings(
    base_url="https://momo.example",
    subscription_key="canary-subscription",
    api_user="3fa85f64-5717-4562-b3fc-2c963f66afa6",
    api_key="canary-api-key",
    disbursement_subscription_key="canary-disbursement",
    disbursement_api_user="4fa85f64-5717-4562-b3fc-2c963f66afa7",
    disbursement_api_key="canary-disbursement-key",
    target_environment="mtncameroon",
)
ORDER = PayoutOrder(
    id="ins_01jc0000000000000000000000",
    amount=Money(15_000, "XAF"),
    payee="237670000002",
    purpose="Loan 42",
    name="Awa Ngo Ndoumbe",
    result_url="https://pay.example/in/mm1/abc.def",
)
REFUND = RefundOrder(
    id="ins_01jc0000000000000000000001",
    amount=Money(1500, "XAF"),
    paid=Money(1500, "XAF"),
    attempt_id=ATTEMPT,
)
TOKEN = Wire(body=b'{"access_token":"canary-token","token_type":"access_token","expires_in":3600}')


def wallet(transport: httpx.AsyncBaseTransport) -> MomoWallet:
    """A client of the disbursement product."""
    assert SETTINGS.disbursement
    return MomoWallet(SETTINGS, SETTINGS.disbursement, transport=transport)


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


_NOT_NOW = (
    error(429, message="Rate limit is exceeded"),
    error(503, "SERVICE_UNAVAILABLE"),
    Wire(status=429),
)
_ACKS = {
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
}
_ANSWERS = {
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
}
_REPEAT = error(409, "RESOURCE_ALREADY_EXIST", "Duplicated reference id.")
PAYOUTS = MoneyOut(
    name="momo-payout",
    slot="pays_out",
    send=lambda rail: wallet(rail).pay_out(ORDER),
    ask=lambda rail: wallet(rail).ask_payout(ORDER),
    unfit=(
        lambda rail: wallet(rail).pay_out(replace(ORDER, amount=Money(100, "KES"))),
        lambda rail: wallet(rail).pay_out(replace(ORDER, amount=Money(0, "XAF"))),
        lambda rail: wallet(rail).pay_out(replace(ORDER, payee="+237")),
    ),
    not_now=_NOT_NOW,
    acks=_ACKS,
    answers=_ANSWERS,
    repeat=_REPEAT,
    reference=_reference,
    token_path="/disbursement/token/",
    token=TOKEN,
)
REFUNDS = replace(
    PAYOUTS,
    name="momo-refund",
    slot="refunds",
    send=lambda rail: wallet(rail).refund(REFUND),
    ask=lambda rail: wallet(rail).ask_refund(REFUND),
    unfit=(
        lambda rail: wallet(rail).refund(replace(REFUND, amount=Money(500, "XAF"))),
        lambda rail: wallet(rail).refund(
            replace(REFUND, amount=Money(5, "KES"), paid=Money(5, "KES"))
        ),
    ),
)
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
    token=TOKEN,
    no_token=Wire(status=500, body=b'{"error":"login_failed"}'),
    stale=error(401, message="Unauthorized. Access token is invalid or expired"),
    not_now=_NOT_NOW,
    acks=_ACKS,
    answers=_ANSWERS,
    notices={
        Verdict.PENDING: (operation("PENDING"),),
        Verdict.SETTLED: (PAID,),
        Verdict.REFUSED: (DECLINED, operation("FAILED", reason={"code": "EXPIRED"})),
        Verdict.UNKNOWN: (operation("HALF_DONE"), b'{"note":"no status"}'),
    },
    repeat=_REPEAT,
    reference=_reference,
    secrets=(
        "canary-subscription",
        "canary-api-key",
        "canary-token",
        "canary-disbursement",
        "canary-disbursement-key",
    ),
    money_out=(PAYOUTS, REFUNDS),
    looks={
        "tells_balance": lambda rail: wallet(rail).balance(),
        "names_holders": lambda rail: wallet(rail).holder(ORDER),
    },
)
