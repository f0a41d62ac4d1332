"""Case sheet of Camtel, as proposed."""

import json
from dataclasses import replace
from typing import Any

import httpx

from models.charge import Charge
from models.money import Money
from models.money_out import PayoutOrder, RefundOrder
from models.reading import Verdict
from providers.camtel.client import CamtelClient
from providers.camtel.connection import TOKEN
from providers.camtel.provider import PROVIDER
from providers.camtel.settings import CamtelSettings
from tests.providers.sheets.sheet import MoneyOut, Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
SETTINGS = CamtelSettings(
    experimental=True,
    base_url="https://camtel.example",
    client_id="canary-client",
    client_secret="canary-secret",
    callback_secret="canary-callback",
)
ORDER = PayoutOrder(
    id="ins_01jc0000000000000000000000",
    amount=Money(1500, "XAF"),
    payee="237620000002",
    purpose="Loan 42",
    name="Jean Dupont",
    result_url="https://pay.example/in/ct1/abc.def",
)
REFUND = RefundOrder(
    id="ins_01jc0000000000000000000001",
    amount=Money(1500, "XAF"),
    paid=Money(1500, "XAF"),
    attempt_id=ATTEMPT,
    provider_reference="col_01",
)


def wire(body: Any, status: int = 200) -> Wire:
    """A JSON answer."""
    return Wire(status=status, body=json.dumps(body).encode())


def error(status: int, code: str) -> Wire:
    """An error as proposed."""
    return wire({"error": {"code": code, "message": "said", "request_id": "r1"}}, status)


def resource(status: str, ours: str = ATTEMPT, **changes: Any) -> dict[str, Any]:
    """A collection, transfer or refund."""
    body = {
        "id": "col_01",
        "client_reference": ours,
        "status": status,
        "amount": "1500",
        "currency": "XAF",
    }
    return body | changes


def event(data: Any) -> bytes:
    """A callback."""
    return json.dumps({"event_id": "evt_1", "type": "collection.updated", "data": data}).encode()


FAILED = {"code": "insufficient_funds", "message": "no"}


def _reference(request: httpx.Request) -> str:
    return request.headers.get("Idempotency-Key") or request.url.path.rsplit("/", 1)[-1]


_NOT_NOW = (error(429, "rate_limited"), Wire(status=429, body=b"<html>slow</html>"))
_REFUSED = (
    error(400, "invalid_request"),
    error(403, "forbidden"),
    error(422, "account_inactive"),
)
_UNCLEAR = (
    error(500, "internal_error"),
    error(503, "unavailable"),
    error(422, "never_heard_of"),
    error(409, "idempotency_mismatch"),
)


def _answers(ours: str) -> dict[Verdict, tuple[Wire, ...]]:
    return {
        Verdict.PENDING: (wire(resource("PENDING", ours)), wire(resource("PROCESSING", ours))),
        Verdict.SETTLED: (wire(resource("SUCCEEDED", ours, provider_receipt="BM1")),),
        Verdict.REFUSED: (
            wire(resource("FAILED", ours, error=FAILED)),
            wire(resource("EXPIRED", ours)),
            wire(resource("CANCELLED", ours)),
            wire(resource("REVERSED", ours)),
        ),
        Verdict.UNKNOWN: (
            error(404, "not_found"),
            wire(resource("ODD", ours)),
            wire(resource("SUCCEEDED", "att_01jc0000000000000000000009")),
        ),
    }


_TOKEN = Wire(body=b'{"access_token":"canary-token","token_type":"Bearer","expires_in":3600}')


def client(transport: httpx.AsyncBaseTransport) -> CamtelClient:
    """Our client."""
    return CamtelClient(SETTINGS, transport=transport)


PAYOUTS = MoneyOut(
    name="camtel-payout",
    slot="pays_out",
    send=lambda rail: client(rail).pay_out(ORDER),
    ask=lambda rail: client(rail).ask_payout(ORDER),
    unfit=(
        lambda rail: client(rail).pay_out(replace(ORDER, amount=Money(100, "KES"))),
        lambda rail: client(rail).pay_out(replace(ORDER, amount=Money(0, "XAF"))),
        lambda rail: client(rail).pay_out(replace(ORDER, payee="254712345678")),
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (wire(resource("PENDING", ORDER.id), 202),),
        Verdict.SETTLED: (wire(resource("SUCCEEDED", ORDER.id)),),
        Verdict.REFUSED: _REFUSED,
        Verdict.UNKNOWN: _UNCLEAR,
    },
    answers=_answers(ORDER.id),
    repeat=error(409, "idempotency_mismatch"),
    reference=_reference,
    token_path=TOKEN,
    token=_TOKEN,
)
REFUNDS = replace(
    PAYOUTS,
    name="camtel-refund",
    slot="refunds",
    send=lambda rail: client(rail).refund(REFUND),
    ask=None,
    answers={},
    unfit=(
        lambda rail: client(rail).refund(replace(REFUND, amount=Money(500, "XAF"))),
        lambda rail: client(rail).refund(replace(REFUND, provider_reference=None)),
    ),
)
SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=client,
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # Camtel fills this slot
    charge=Charge(
        attempt_id=ATTEMPT,
        amount=Money(1500, "XAF"),
        payer="237620000001",
        callback_url="https://pay.example/in/ct1/abc.def",
        description="Order 42",
        livemode=False,
        provider_reference="col_01",
    ),
    token_path=TOKEN,
    token=_TOKEN,
    no_token=error(401, "invalid_client"),
    stale=error(401, "invalid_token"),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (wire(resource("PENDING"), 202),),
        Verdict.REFUSED: _REFUSED,
        Verdict.UNKNOWN: (*_UNCLEAR, wire(resource("SUCCEEDED"))),
    },
    answers=_answers(ATTEMPT),
    notices={
        Verdict.PENDING: (event(resource("PROCESSING")),),
        Verdict.SETTLED: (event(resource("SUCCEEDED", provider_receipt="BM1")),),
        Verdict.REFUSED: (event(resource("FAILED", error=FAILED)), event(resource("EXPIRED"))),
        Verdict.UNKNOWN: (event(resource("ODD")), event({})),
    },
    repeat=error(409, "idempotency_mismatch"),
    reference=_reference,
    secrets=("canary-secret", "canary-callback", "canary-token"),
    money_out=(PAYOUTS, REFUNDS),
    looks={
        "tells_balance": lambda rail: client(rail).balance(),
        "names_holders": lambda rail: client(rail).holder(ORDER),
    },
)
