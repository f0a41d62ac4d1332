"""Case sheet of Orange Money."""

import json
from typing import Any

import httpx

from models.charge import Charge
from models.money import Money
from models.reading import Verdict
from providers.orange.client import OrangeClient
from providers.orange.connection import TOKEN
from providers.orange.provider import PROVIDER
from providers.orange.settings import OrangeSettings
from tests.providers.sheets.sheet import Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
PAY_TOKEN = "f5720dd906203c62033ffe64ed75614785f878b17f6d4bb7b4e50a9ac35c79ea"
PAGE = f"https://webpayment-ow-sb.orange-money.com/payment/pay_token/{PAY_TOKEN}"
RECEIPT = "MP150709.1341.A00073"
NOTIF_TOKEN = "dd497bda3b250e536186fc0663f32f40"
CORE_TOKEN = "MP2011215D78B851CF9A415B887C"
SETTINGS = OrangeSettings(
    base_url="https://orange.example",
    client_id="canary-client",
    client_secret="canary-secret",
    merchant_key="canary-merchant",
)


def wire(body: Any, status: int = 200) -> Wire:
    """A JSON answer."""
    return Wire(status=status, body=json.dumps(body).encode())


def error(status: int, code: object, message: str = "said") -> Wire:
    """An error as Orange's gateway writes it."""
    return wire({"code": code, "message": message, "description": "more"}, status)


def made(**changes: Any) -> Wire:
    """A page was made."""
    body = {
        "status": 201,
        "message": "OK",
        "pay_token": PAY_TOKEN,
        "payment_url": PAGE,
        "notif_token": NOTIF_TOKEN,
    }
    return wire(body | changes, 201)


def told(status: str, **changes: Any) -> Wire:
    """What became of a page."""
    body = {"status": status, "order_id": ATTEMPT, "txnid": RECEIPT}
    return wire(body | changes, 201)


def notice(status: object, **changes: Any) -> bytes:
    """A notification."""
    body = {"status": status, "notif_token": NOTIF_TOKEN, "txnid": RECEIPT}
    return json.dumps(body | changes).encode()


def core(status: str | None, message: str = "said", http: int = 200, **changes: Any) -> Wire:
    """A merchant payment of the core API."""
    data = {
        "id": 1,
        "subscriberMsisdn": "690000001",
        "amount": 1000,
        "payToken": CORE_TOKEN,
        "txnid": "MP201121.1708.C44634",
        "txnmode": "ORDER-42",
        "inittxnstatus": "200",
        "inittxnmessage": "",
        "confirmtxnstatus": None,
        "confirmtxnmessage": None,
        "status": status,
    }
    return wire({"message": message, "data": data | changes}, http)


def _reference(request: httpx.Request) -> str:
    return str(json.loads(request.content)["order_id"])


_REFUSED = (error(400, 1200), error(403, 50), error(404, 60))
_UNCLEAR = (error(500, 1), error(503, 5), error(418, 99), wire({"message": "odd"}, 400))

SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=lambda transport: OrangeClient(SETTINGS, transport=transport),
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # Orange fills this slot
    charge=Charge(
        attempt_id=ATTEMPT,
        amount=Money(1200, "XAF"),
        payer="237690000001",
        callback_url="https://pay.example/in/om1/abc.def",
        description="Order 42",
        livemode=False,
        provider_reference=PAY_TOKEN,
        success_url="https://shop.example/ok",
        cancel_url="https://shop.example/no",
    ),
    not_now=(error(429, 53), Wire(status=429, body=b"<html>slow</html>")),
    acks={
        Verdict.PENDING: (made(), wire(json.loads(made().body))),
        Verdict.REFUSED: _REFUSED,
        Verdict.UNKNOWN: (*_UNCLEAR, error(400, 1204), error(409, "1204")),
    },
    answers={
        Verdict.PENDING: (told("INITIATED"), told("PENDING", txnid="")),
        Verdict.SETTLED: (told("SUCCESS"), wire(json.loads(told("success").body))),
        Verdict.REFUSED: (told("FAILED"), told("EXPIRED", txnid=None)),
        Verdict.UNKNOWN: (
            *_UNCLEAR,
            told("ODD"),
            told("SUCCESS", order_id="att_01jc0000000000000000000001"),
        ),
    },
    notices={
        Verdict.PENDING: (notice("PENDING"),),
        Verdict.SETTLED: (notice("SUCCESS"),),
        Verdict.REFUSED: (notice("FAILED"),),
        Verdict.UNKNOWN: (notice("ODD"), notice(None), b"{}"),
    },
    repeat=error(400, 1204),
    reference=_reference,
    secrets=("canary-secret", "canary-merchant"),
    token_path=TOKEN,
    token=wire({"token_type": "Bearer", "access_token": "t1", "expires_in": 7_776_000}),
    no_token=wire({"error": "invalid_client", "error_description": "unknown"}, 401),
    stale=error(401, 42, "Expired credentials"),
    told_amount=False,
)
