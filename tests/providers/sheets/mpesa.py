"""Case sheet of M-Pesa."""

import json
from dataclasses import replace
from typing import Any

import httpx

from models.charge import Charge
from models.money import Money
from models.money_out import PayoutOrder, RefundOrder
from models.reading import Verdict
from providers.mpesa.client import MpesaClient
from providers.mpesa.organisation import OrganisationKeys
from providers.mpesa.provider import PROVIDER
from providers.mpesa.settings import MpesaSettings
from providers.mpesa.wallet import MpesaWallet
from tests.providers.sheets.mpesa_key import certificate
from tests.providers.sheets.sheet import MoneyOut, Sheet, Wire

ASKED = "ws_CO_07112026101500123456"
SETTINGS = MpesaSettings(
    base_url="https://daraja.example",
    consumer_key="canary-consumer-key",
    consumer_secret="canary-consumer-secret",
    short_code="600111",
    passkey="canary-passkey",
)
KEYS = OrganisationKeys(
    base_url="https://daraja.example",
    short_code="600111",
    initiator="house-api",
    certificate_pem=certificate(),
    consumer_key="canary-consumer-key",
    consumer_secret="canary-consumer-secret",
    initiator_password="canary-initiator-password",
)
ORDER = PayoutOrder(
    id="ins_01jc0000000000000000000000",
    amount=Money(150_000, "KES"),
    payee="254712000111",
    purpose="Loan 42",
    result_url="https://pay.example/in/ke2/abc.def",
    timeout_url="https://pay.example/in/ke3/abc.def",
)
REFUND = RefundOrder(
    id="ins_01jc0000000000000000000001",
    amount=Money(15_000, "KES"),
    paid=Money(15_000, "KES"),
    attempt_id="att_01jc0000000000000000000000",
    receipt="TK72ABC9XY",
    result_url="https://pay.example/in/ke6/abc.def",
    timeout_url="https://pay.example/in/ke3/abc.def",
)


def wallet(transport: httpx.AsyncBaseTransport) -> MpesaWallet:
    """The house's short code."""
    return MpesaWallet(KEYS, transport=transport)


def error(status: int, code: str, message: str) -> Wire:
    """An error body as Daraja sends it."""
    body = {"requestId": "4788-81098-1", "errorCode": code, "errorMessage": message}
    return Wire(status=status, body=json.dumps(body).encode())


def ack(**changes: Any) -> Wire:
    """The acknowledgement of a push."""
    body = {
        "MerchantRequestID": "7071-4170-a0e4-1",
        "CheckoutRequestID": ASKED,
        "ResponseCode": "0",
        "ResponseDescription": "Success. Request accepted for processing",
        "CustomerMessage": "Success. Request accepted for processing",
    }
    return Wire(body=json.dumps(body | changes).encode())


def answer(code: Any, text: str = "said") -> Wire:
    """The answer to a query."""
    body = {
        "ResponseCode": "0",
        "ResponseDescription": "The service request has been accepted successsfully",
        "MerchantRequestID": "7071-4170-a0e4-1",
        "CheckoutRequestID": ASKED,
        "ResultCode": code,
        "ResultDesc": text,
    }
    return Wire(body=json.dumps(body).encode())


def notice(code: Any, text: str = "said", items: Any = None) -> bytes:
    """A callback; `items` is what stands under CallbackMetadata."""
    callback = {
        "MerchantRequestID": "7071-4170-a0e4-1",
        "CheckoutRequestID": ASKED,
        "ResultCode": code,
        "ResultDesc": text,
    }
    if items is not None:
        callback["CallbackMetadata"] = {"Item": items}
    return json.dumps({"Body": {"stkCallback": callback}}).encode()


PAID = [
    {"Name": "Amount", "Value": 150.00},
    {"Name": "MpesaReceiptNumber", "Value": "TK72ABC9XY"},
    {"Name": "Balance"},
    {"Name": "TransactionDate", "Value": 20261107101530},
    {"Name": "PhoneNumber", "Value": 254712000111},
]
BUSY = error(500, "500.001.1001", "The transaction is being processed")


def _reference(request: httpx.Request) -> str:
    body = json.loads(request.content)
    return f"{body.get('AccountReference')} {body.get('CallBackURL')}"


def _named(request: httpx.Request) -> str:
    body = json.loads(request.content)
    names = ("OriginatorConversationID", "OriginalConversationID", "TransactionID")
    return next(str(body[name]) for name in names if name in body)


TOKEN_PATH = "/oauth/v1/generate"
TOKEN = Wire(body=b'{"access_token":"canary-token","expires_in":"3599"}')
_NOT_NOW = (
    error(429, "500.003.02", "Error Occurred: Spike Arrest Violation"),
    error(500, "500.003.02", "System is busy. Please try again in few minutes."),
    error(500, "500.003.03", "Error Occurred: Quota Violation"),
    Wire(status=429, body=b"<html>slow down</html>"),
)
TAKEN = Wire(
    body=b'{"ConversationID":"AG_1","OriginatorConversationID":"K1","ResponseCode":"0",'
    b'"ResponseDescription":"Accept the service request successfully."}'
)
_UNCLEAR = (
    error(500, "500.003.1001", "Internal Server Error"),
    error(500, "500.002.1001", "Service is currently under maintenance"),
    ack(ResponseCode="1"),
)
PAYOUTS = MoneyOut(
    name="mpesa-payout",
    slot="pays_out",
    send=lambda rail: wallet(rail).pay_out(ORDER),
    ask=lambda rail: wallet(rail).ask_payout(ORDER),
    unfit=(
        lambda rail: wallet(rail).pay_out(replace(ORDER, amount=Money(150_050, "KES"))),
        lambda rail: wallet(rail).pay_out(replace(ORDER, amount=Money(900, "KES"))),
        lambda rail: wallet(rail).pay_out(replace(ORDER, amount=Money(1500, "XAF"))),
        lambda rail: wallet(rail).pay_out(replace(ORDER, payee="237670000001")),
        lambda rail: wallet(rail).pay_out(replace(ORDER, result_url=None)),
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (TAKEN,),
        Verdict.REFUSED: (
            error(400, "400.002.02", "Bad Request - Invalid PartyB"),
            error(500, "500.001.1001", "[MerchantValidate] - Wrong credentials"),
        ),
        Verdict.UNKNOWN: _UNCLEAR,
    },
    # What became of it is told at ke4: the answer to the question only says that it was taken.
    answers={Verdict.PENDING: (TAKEN,), Verdict.UNKNOWN: _UNCLEAR},
    repeat=error(500, "500.002.1001", "Duplicate OriginatorConversationID."),
    reference=_named,
    token_path=TOKEN_PATH,
    token=TOKEN,
)
REFUNDS = replace(
    PAYOUTS,
    name="mpesa-refund",
    slot="refunds",
    send=lambda rail: wallet(rail).refund(REFUND),
    ask=lambda rail: wallet(rail).ask_refund(REFUND),
    unfit=(
        lambda rail: wallet(rail).refund(replace(REFUND, amount=Money(5000, "KES"))),
        lambda rail: wallet(rail).refund(replace(REFUND, receipt=None)),
        lambda rail: wallet(rail).refund(replace(REFUND, timeout_url=None)),
    ),
    # M-Pesa reverses a receipt once, and says so in the result of the second.
    repeat=None,
)
SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=lambda transport: MpesaClient(SETTINGS, transport=transport),
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # M-Pesa fills this slot
    charge=Charge(
        attempt_id="att_01jc0000000000000000000000",
        amount=Money(15_000, "KES"),
        payer="254712000111",
        callback_url="https://pay.example/in/ke1/abc.def",
        description="Order 42",
        livemode=False,
        provider_reference=ASKED,
    ),
    token_path=TOKEN_PATH,
    token=TOKEN,
    no_token=Wire(status=400),
    stale=error(404, "404.001.03", "Invalid Access Token"),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (ack(), ack(ResponseCode=0)),
        Verdict.REFUSED: (
            error(400, "400.002.02", "Bad Request - Invalid PhoneNumber"),
            error(500, "500.001.1001", "[MerchantValidate] - Wrong credentials"),
            error(500, "500.001.1001", "Unable to lock subscriber, a transaction is already in "),
        ),
        Verdict.UNKNOWN: (
            error(500, "500.003.1001", "Internal Server Error"),
            error(500, "500.002.1001", "System internal error"),
            ack(ResponseCode="1"),
        ),
    },
    answers={
        Verdict.PENDING: (BUSY,),
        Verdict.SETTLED: (answer("0"), answer(0)),
        Verdict.REFUSED: (answer("1032"), answer("1"), answer(2001), answer("1037")),
        Verdict.UNKNOWN: (answer("4242"), answer("17"), error(503, "x", "gone")),
    },
    notices={
        Verdict.SETTLED: (notice(0, items=PAID), notice("0", items=PAID)),
        Verdict.REFUSED: (notice(1032), notice("1"), notice(1019)),
        Verdict.UNKNOWN: (notice(1037), notice(9999), notice(4242, "processed successfully")),
    },
    repeat=None,
    reference=_reference,
    secrets=(
        "canary-consumer-key",
        "canary-consumer-secret",
        "canary-passkey",
        "canary-token",
        "canary-initiator-password",
    ),
    money_out=(PAYOUTS, REFUNDS),
    looks={"tells_balance": lambda rail: wallet(rail).balance("https://pay.example/in/ke9/a.b")},
)
