"""Case sheet of Wave."""

import json
from dataclasses import replace
from typing import Any

import httpx

from models.charge import Charge
from models.money import Money
from models.money_out import PayoutOrder, RefundOrder
from models.reading import Verdict
from providers.wave.client import WaveClient
from providers.wave.provider import PROVIDER
from providers.wave.settings import WaveSettings
from providers.wave.wallet import WaveWallet
from tests.providers.sheets.sheet import MoneyOut, Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
SESSION = "cos-18qq25rgr100a"
PAYOUT = "pt-185sewgm8100t"
PAGE = f"https://pay.wave.com/c/{SESSION}"
SETTINGS = WaveSettings(
    base_url="https://wave.example",
    api_key="canary-wave-key",
    signing_secret="canary-signing",
    webhook_secret="canary-webhook",
)
ORDER = PayoutOrder(
    id="ins_01jc0000000000000000000000",
    amount=Money(15_000, "XOF"),
    payee="221771234567",
    purpose="Loan 42",
    name="Awa Diop",
)
REFUND = RefundOrder(
    id="rf_01jc0000000000000000000000",
    amount=Money(1500, "XOF"),
    paid=Money(1500, "XOF"),
    attempt_id=ATTEMPT,
    provider_reference=SESSION,
)


def error(status: int, code: str, message: str = "said") -> Wire:
    """An error as the documents show it."""
    return Wire(status=status, body=json.dumps({"code": code, "message": message}).encode())


def a_session(checkout: str, payment: str, **changes: Any) -> dict[str, Any]:
    """A session as it is answered and told."""
    session = {
        "id": SESSION,
        "amount": "1500",
        "currency": "XOF",
        "checkout_status": checkout,
        "payment_status": payment,
        "transaction_id": None,
        "wave_launch_url": PAGE,
        "client_reference": ATTEMPT,
        "restrict_payer_mobile": "+221771234567",
        "last_payment_error": None,
    }
    return session | changes


PAID = a_session("complete", "succeeded", transaction_id="TCN4Y4ZC3FM")
OPEN = a_session("open", "processing")
DECLINED = a_session(
    "complete", "cancelled", last_payment_error={"code": "insufficient-funds", "message": "no"}
)
EXPIRED = a_session("expired", "processing")
TRY_FAILED = a_session(
    "open", "cancelled", last_payment_error={"code": "payment-failure", "message": "no"}
)


def wire(body: Any, status: int = 200) -> Wire:
    """A JSON answer."""
    return Wire(status=status, body=json.dumps(body).encode())


def event(data: Any, kind: str = "checkout.session.completed") -> bytes:
    """A webhook."""
    return json.dumps({"id": "EV_7f2K", "type": kind, "data": data}).encode()


def a_payout(status: str, **changes: Any) -> dict[str, Any]:
    """A payout as it is answered."""
    payout = {
        "id": PAYOUT,
        "currency": "XOF",
        "receive_amount": "15000",
        "fee": "150",
        "mobile": "+221771234567",
        "client_reference": ORDER.id,
        "status": status,
    }
    return payout | changes


def _reference(request: httpx.Request) -> str:
    named = json.loads(request.content or b"{}").get("client_reference")
    return str(named or request.url.params.get("client_reference") or request.url.path)


def _key(request: httpx.Request) -> str:
    return request.headers.get("Idempotency-Key") or request.url.path


_REFUSED = (
    error(400, "request-validation-error"),
    error(400, "currency-mismatch"),
    error(401, "no-matching-api-key"),
    error(403, "disabled-wallet"),
)
_UNCLEAR = (
    error(500, "internal-server-error"),
    error(503, "service-unavailable"),
    error(422, "never-heard-of"),
)
_NOT_NOW = (error(429, "too-many-requests"), Wire(status=429, body=b"<html>slow</html>"))

PAYOUTS = MoneyOut(
    name="wave-payout",
    slot="pays_out",
    send=lambda rail: WaveWallet(SETTINGS, transport=rail).pay_out(ORDER),
    ask=lambda rail: WaveWallet(SETTINGS, transport=rail).ask_payout(ORDER),
    unfit=(
        lambda rail: WaveWallet(SETTINGS, transport=rail).pay_out(
            replace(ORDER, amount=Money(100, "KES"))
        ),
        lambda rail: WaveWallet(SETTINGS, transport=rail).pay_out(
            replace(ORDER, amount=Money(0, "XOF"))
        ),
        lambda rail: WaveWallet(SETTINGS, transport=rail).pay_out(replace(ORDER, payee="+221")),
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (wire(a_payout("processing")),),
        Verdict.SETTLED: (wire(a_payout("succeeded")),),
        Verdict.REFUSED: (*_REFUSED, error(422, "insufficient-funds")),
        Verdict.UNKNOWN: (*_UNCLEAR, error(409, "idempotency-mismatch")),
    },
    answers={
        Verdict.PENDING: (wire(a_payout("processing")), wire({"result": [a_payout("processing")]})),
        Verdict.SETTLED: (wire(a_payout("succeeded")),),
        Verdict.REFUSED: (
            wire(a_payout("failed", payout_error={"error_code": "recipient-minor"})),
            wire(a_payout("reversed")),
        ),
        Verdict.UNKNOWN: (wire({"result": []}), error(404, "not-found"), wire(a_payout("odd"))),
    },
    repeat=error(409, "idempotency-mismatch"),
    reference=_key,
)
REFUNDS = MoneyOut(
    name="wave-refund",
    slot="refunds",
    send=lambda rail: WaveWallet(SETTINGS, transport=rail).refund(REFUND),
    ask=lambda rail: WaveWallet(SETTINGS, transport=rail).ask_refund(REFUND),
    unfit=(
        lambda rail: WaveWallet(SETTINGS, transport=rail).refund(
            replace(REFUND, amount=Money(500, "XOF"))
        ),
        lambda rail: WaveWallet(SETTINGS, transport=rail).refund(
            replace(REFUND, provider_reference=None)
        ),
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.SETTLED: (Wire(), Wire(body=b"{}")),
        Verdict.REFUSED: (*_REFUSED, error(422, "checkout-refund-failed")),
        Verdict.UNKNOWN: _UNCLEAR,
    },
    answers={
        Verdict.SETTLED: (Wire(),),
        Verdict.UNKNOWN: (error(404, "checkout-session-not-found"),),
    },
    repeat=None,
    reference=_key,
)
SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=lambda transport: WaveClient(SETTINGS, transport=transport),
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # Wave fills this slot
    charge=Charge(
        attempt_id=ATTEMPT,
        amount=Money(1500, "XOF"),
        payer="221771234567",
        callback_url="https://pay.example/in/wv1/abc.def",
        description="Order 42",
        livemode=False,
        provider_reference=SESSION,
        success_url="https://shop.example/ok",
        cancel_url="http://shop.example/no",
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (wire(OPEN), wire(OPEN, 201)),
        Verdict.REFUSED: _REFUSED,
        Verdict.UNKNOWN: (*_UNCLEAR, error(409, "idempotency-mismatch"), wire(PAID)),
    },
    answers={
        Verdict.PENDING: (wire(OPEN), wire(TRY_FAILED), wire({"result": [EXPIRED, OPEN]})),
        Verdict.SETTLED: (wire(PAID), wire({"result": [OPEN, PAID]})),
        Verdict.REFUSED: (
            wire(DECLINED),
            wire(EXPIRED),
            wire(a_session("expired", "cancelled")),
        ),
        Verdict.UNKNOWN: (
            wire({"result": []}),
            wire(a_session("complete", "processing")),
            wire(PAID | {"client_reference": "att_01jc0000000000000000000001"}),
        ),
    },
    notices={
        Verdict.PENDING: (event(TRY_FAILED, "checkout.session.payment_failed"),),
        Verdict.SETTLED: (event(PAID),),
        Verdict.REFUSED: (event(DECLINED), event(EXPIRED)),
        Verdict.UNKNOWN: (event({}), event(PAID, "never.heard_of")),
    },
    repeat=None,
    reference=_reference,
    secrets=("canary-wave-key", "canary-signing", "canary-webhook"),
    money_out=(PAYOUTS, REFUNDS),
    looks={
        "tells_balance": lambda rail: WaveWallet(SETTINGS, transport=rail).balance(),
        "names_holders": lambda rail: WaveWallet(SETTINGS, transport=rail).holder(ORDER),
    },
)
