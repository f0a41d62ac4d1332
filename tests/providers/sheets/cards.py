"""Case sheet of cards."""

import json
from dataclasses import replace
from typing import Any

import httpx

from models.charge import Charge
from models.money import Money
from models.money_out import RefundOrder
from models.reading import Reading, Verdict
from providers.cards.client import CardsClient
from providers.cards.provider import PROVIDER
from providers.cards.refunds import CardRefunds
from providers.cards.settings import CardsSettings
from tests.providers.sheets.sheet import MoneyOut, Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
SESSION = "SESSION0002594187460G5426573J08"
PAGE = f"https://gateway.example/checkout/pay/{SESSION}"
RECEIPT = "410810111333"
SETTINGS = CardsSettings(
    base_url="https://gateway.example",
    merchant_id="TESTKAURI",
    api_password="canary-password",
    notification_secret="canary-notification",
    merchant_name="Duka",
)
PATH = "/api/rest/version/100/merchant/TESTKAURI"
REFUND = RefundOrder(
    id="rf_01jc0000000000000000000000",
    amount=Money(50_000, "KES"),
    paid=Money(150_000, "KES"),
    attempt_id=ATTEMPT,
    receipt=RECEIPT,
)


def wire(body: Any, status: int = 200) -> Wire:
    """A JSON answer."""
    return Wire(status=status, body=json.dumps(body).encode())


def error(status: int, cause: str, explanation: str = "said") -> Wire:
    """An error; nothing became of any card."""
    said = {"cause": cause, "explanation": explanation}
    return wire({"error": said, "result": "ERROR"}, status)


def a_session(**changes: Any) -> dict[str, Any]:
    """A session just made."""
    session = {
        "merchant": "TESTKAURI",
        "result": "SUCCESS",
        "session": {"id": SESSION, "updateStatus": "SUCCESS", "version": "0bd6923c01"},
        "successIndicator": "2a149e4aed1d4818",
    }
    return session | changes


def a_transaction(
    result: str = "SUCCESS", code: str | None = "APPROVED", kind: str = "PAYMENT", **changes: Any
) -> dict[str, Any]:
    """A transaction as it is answered and told: amounts are numbers."""
    told = {
        "merchant": "TESTKAURI",
        "order": {"amount": 1500.00, "currency": "KES", "id": ATTEMPT, "status": "CAPTURED"},
        "response": {"acquirerMessage": "said", "gatewayCode": code},
        "result": result,
        "sourceOfFunds": {"provided": {"card": {"brand": "VISA", "number": "400000xxxxxx0000"}}},
        "transaction": {
            "amount": 1500.00,
            "currency": "KES",
            "id": "1",
            "type": kind,
            "receipt": RECEIPT,
        },
        "version": "100",
    }
    return told | changes


def an_order(status: str, *tries: Any, **changes: Any) -> dict[str, Any]:
    """An order as it is retrieved."""
    order = {
        "merchant": "TESTKAURI",
        "id": ATTEMPT,
        "amount": 1500.00,
        "currency": "KES",
        "status": status,
        "result": "SUCCESS",
        "transaction": list(tries),
    }
    return order | changes


PAID = an_order("CAPTURED", a_transaction(), totalCapturedAmount=1500.00)
DECLINED = a_transaction("FAILURE", "INSUFFICIENT_FUNDS")
NO_ORDER = error(400, "INVALID_REQUEST", f"Unable to find order '{ATTEMPT}'")


def a_refund(result: str = "SUCCESS", code: str = "APPROVED", **changes: Any) -> dict[str, Any]:
    """A refund as it is answered."""
    done = {
        "amount": 500.00,
        "currency": "KES",
        "id": f"refund-{REFUND.id}",
        "type": "REFUND",
        "receipt": "410810111399",
    }
    return a_transaction(result, code, transaction=done) | changes


def notice(told: Any) -> bytes:
    """A notification."""
    return json.dumps(told).encode()


def _reference(request: httpx.Request) -> str:
    order = json.loads(request.content or b"{}").get("order", {})
    return str(order.get("id") or request.url.path)


async def _refunds(rail: httpx.AsyncBaseTransport, **changes: Any) -> Reading:
    return await CardRefunds(SETTINGS, transport=rail).refund(replace(REFUND, **changes))


_REFUSED = (
    error(400, "REQUEST_REJECTED"),
    error(401, "INVALID_REQUEST", "Invalid credentials."),
    Wire(status=401),
    wire({"error": {"explanation": "said"}}, 403),
)
_UNCLEAR = (
    error(500, "SERVER_FAILED"),
    error(400, "NEVER_HEARD_OF"),
    Wire(status=503, body=b"{}"),
    wire({"result": "UNKNOWN"}),
)
_NOT_NOW = (
    error(503, "SERVER_BUSY"),
    error(429, "SERVER_BUSY"),
    Wire(status=429, body=b"<html>slow</html>"),
)
REFUNDS = MoneyOut(
    name="cards-refund",
    slot="refunds",
    send=_refunds,
    ask=lambda rail: CardRefunds(SETTINGS, transport=rail).ask_refund(REFUND),
    unfit=(
        lambda rail: _refunds(rail, amount=Money(100, "GHS")),
        lambda rail: _refunds(rail, amount=Money(0, "KES")),
        lambda rail: _refunds(rail, amount=Money(150_001, "KES")),
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.SETTLED: (wire(a_refund(), 201), wire(a_refund())),
        Verdict.PENDING: (wire(a_refund("PENDING", "SUBMITTED"), 201),),
        Verdict.REFUSED: _REFUSED,
        Verdict.UNKNOWN: (
            *_UNCLEAR,
            error(400, "INVALID_REQUEST"),
            wire(a_refund("FAILURE", "TIMED_OUT"), 201),
            wire(a_refund("UNKNOWN", "UNKNOWN"), 201),
        ),
    },
    answers={
        Verdict.SETTLED: (wire(a_refund()),),
        Verdict.PENDING: (wire(a_refund("PENDING", "PENDING")),),
        Verdict.REFUSED: (wire(a_refund("FAILURE", "DECLINED_DO_NOT_CONTACT")),),
        Verdict.UNKNOWN: (
            error(400, "INVALID_REQUEST", "Unable to find transaction"),
            wire(a_refund("FAILURE", "SYSTEM_ERROR")),
        ),
    },
    repeat=None,
    reference=_reference,
)
SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=lambda transport: CardsClient(SETTINGS, transport=transport),
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # cards fill this slot
    charge=Charge(
        attempt_id=ATTEMPT,
        amount=Money(150_000, "KES"),
        payer="254712000111",
        callback_url="https://pay.example/in/cd1/abc.def",
        description="Order 42",
        livemode=False,
        provider_reference=SESSION,
        success_url="https://shop.example/ok",
        cancel_url="http://shop.example/no",
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (wire(a_session(), 201), wire(a_session())),
        Verdict.REFUSED: (*_REFUSED, error(400, "INVALID_REQUEST")),
        Verdict.UNKNOWN: (
            *_UNCLEAR,
            wire(a_session(result="PENDING"), 201),
            wire(a_session(session={"id": SESSION, "updateStatus": "FAILURE"}), 201),
            wire(a_session(session={"id": "../../order/1"}), 201),
        ),
    },
    answers={
        Verdict.PENDING: (
            wire(an_order("AUTHENTICATION_INITIATED")),
            wire(an_order("FAILED", DECLINED)),
            wire(an_order("NEVER_HEARD_OF")),
            NO_ORDER,
        ),
        Verdict.SETTLED: (wire(PAID), wire(an_order("CAPTURED", a_transaction()))),
        Verdict.REFUSED: (wire(an_order("CANCELLED")), wire(an_order("EXPIRED"))),
        Verdict.UNKNOWN: (
            wire(an_order("PARTIALLY_CAPTURED")),
            wire(an_order("REFUNDED")),
            error(500, "SERVER_FAILED"),
            wire(PAID | {"id": "att_01jc0000000000000000000001"}),
            wire(PAID | {"merchant": "TESTOTHER"}),
        ),
    },
    notices={
        Verdict.PENDING: (notice(a_transaction(kind="AUTHENTICATION")),),
        Verdict.SETTLED: (notice(a_transaction()), notice(a_transaction(kind="CAPTURE"))),
        Verdict.REFUSED: (notice(DECLINED), notice(a_transaction("FAILURE", "BLOCKED"))),
        Verdict.UNKNOWN: (
            notice(a_transaction("FAILURE", "TIMED_OUT")),
            notice(a_transaction("UNKNOWN", "UNKNOWN")),
            notice(a_transaction(kind="VOID_PAYMENT")),
            notice(a_transaction(code="DECLINED")),
            notice({}),
        ),
    },
    repeat=None,
    reference=_reference,
    secrets=("canary-password", "canary-notification"),
    money_out=(REFUNDS,),
)
