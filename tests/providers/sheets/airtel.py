"""Case sheet of Airtel Money."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from models.charge import Charge
from models.money import Money
from models.money_out import PayoutOrder, RefundOrder
from models.reading import Reading, Verdict
from providers.airtel.client import AirtelClient
from providers.airtel.names import transaction_id
from providers.airtel.provider import PROVIDER
from providers.airtel.settings import AirtelSettings
from providers.airtel.wallet import AirtelWallet
from tests.providers.sheets.sheet import MoneyOut, Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
OURS = transaction_id(ATTEMPT)
RECEIPT = "133410367531"
#: A key of its own: what it seals is opened again in the client's tests.
PIN_KEY = generate_private_key(public_exponent=65537, key_size=2048)
SETTINGS = AirtelSettings(
    base_url="https://airtel.example",
    client_id="canary-client",
    client_secret="canary-secret",
    callback_key="canary-callback",
    pin="4321",
    public_key=b64encode(
        PIN_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode(),
)
ORDER = PayoutOrder(
    id="ins_01jc0000000000000000000001",
    amount=Money(500, "UGX"),
    payee="256700123123",
    purpose="Loan 42",
    name="Grace Akello",
)
REFUND = RefundOrder(
    id="rf_01jc0000000000000000000000",
    amount=Money(500, "UGX"),
    paid=Money(500, "UGX"),
    attempt_id=ATTEMPT,
    receipt=RECEIPT,
)


def envelope(code: str | None, transaction: Any = None, **status: Any) -> Wire:
    """A business answer: HTTP 200 whatever it says."""
    said = {"response_code": code, "code": "200", "success": True, "message": "said", **status}
    body = {"data": {"transaction": transaction or {}}, "status": said}
    return Wire(body=json.dumps(body).encode())


def router(code: str, status: int = 400) -> Wire:
    """A refusal of the gateway."""
    body = {"status_message": "said", "status_code": code}
    return Wire(status=status, body=json.dumps(body).encode())


def oauth(status: int, error: str) -> Wire:
    """An error about the token."""
    body = {"error_description": "said", "error": error}
    return Wire(status=status, body=json.dumps(body).encode())


def ack(code: str = "DP00800001006", **status: Any) -> Wire:
    """A push that was answered."""
    return envelope(code, {"id": OURS, "status": "Success."}, **status)


def enquiry(state: str, code: str | None = "DP00800001001", **changes: Any) -> Wire:
    """What became of a push."""
    transaction = {"airtel_money_id": RECEIPT, "id": OURS, "message": "said", "status": state}
    return envelope(code, transaction | changes)


def payout(state: str, code: str | None = "DP00900001001", **changes: Any) -> Wire:
    """A payout, answered or asked for."""
    transaction = {
        "reference_id": "133412377178",
        "airtel_money_id": "disburs-6EJL6CWF1D",
        "id": transaction_id(ORDER.id),
        "status": state,
    }
    return envelope(code, transaction | changes)


def notice(state: str, **changes: Any) -> bytes:
    """A callback."""
    transaction = {
        "id": OURS,
        "message": "Paid UGX 5,000 to KAURI. Trans ID MP210603.1234.L06941.",
        "status_code": state,
        "airtel_money_id": "MP210603.1234.L06941",
    }
    return json.dumps({"transaction": transaction | changes}).encode()


def _reference(request: httpx.Request) -> str:
    transaction = json.loads(request.content or b"{}").get("transaction", {})
    named = transaction.get("id") or transaction.get("airtel_money_id")
    return str(named or request.url.path.rstrip("/").rsplit("/", 1)[-1])


async def _pays(rail: httpx.AsyncBaseTransport, **changes: Any) -> Reading:
    return await AirtelWallet(SETTINGS, transport=rail).pay_out(replace(ORDER, **changes))


async def _refunds(rail: httpx.AsyncBaseTransport, **changes: Any) -> Reading:
    return await AirtelWallet(SETTINGS, transport=rail).refund(replace(REFUND, **changes))


_TOKEN = Wire(body=b'{"token_type":"bearer","access_token":"canary-token","expires_in":"180"}')
_PATH = "/auth/oauth2/token"
_REFUSED = (router("ROUTER110"), router("ROUTER114"))
_UNCLEAR = (
    router("ROUTER117"),
    router("ROUTER999"),
    Wire(status=500, body=b'{"error":"x"}'),
    envelope("DP09900009999"),
)
_NOT_NOW = (Wire(status=429, body=b"{}"), Wire(status=429))
PAYOUTS = MoneyOut(
    name="airtel-payout",
    slot="pays_out",
    send=_pays,
    ask=lambda rail: AirtelWallet(SETTINGS, transport=rail).ask_payout(ORDER),
    unfit=(
        lambda rail: _pays(rail, amount=Money(100, "KES")),
        lambda rail: _pays(rail, amount=Money(0, "UGX")),
        lambda rail: _pays(rail, payee="254700123123"),
        lambda rail: _pays(rail, payee="2567001231234"),
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (payout("TIP", "DP00900001006"),),
        Verdict.SETTLED: (payout("TS"), envelope("DP00900001001")),
        Verdict.REFUSED: (*_REFUSED, envelope("DP00900001010"), envelope("DP00900001013")),
        Verdict.UNKNOWN: (
            *_UNCLEAR,
            payout("TA", "DP00900001000"),
            envelope("DP00900001014"),
            payout("TS", "DP00900001000"),
        ),
    },
    answers={
        Verdict.PENDING: (payout("TIP", "DP00900001006"),),
        Verdict.SETTLED: (payout("TS"),),
        Verdict.REFUSED: (payout("TF", "DP00900001003"), payout("TF", "DP00900001005")),
        Verdict.UNKNOWN: (envelope("DP00900001015"), payout("TA", "DP00900001000")),
    },
    repeat=envelope("DP00900001017"),
    reference=_reference,
    token_path=_PATH,
    token=_TOKEN,
)
REFUNDS = MoneyOut(
    name="airtel-refund",
    slot="refunds",
    send=_refunds,
    ask=None,
    unfit=(
        lambda rail: _refunds(rail, amount=Money(100, "UGX")),
        lambda rail: _refunds(rail, receipt=None),
    ),
    not_now=_NOT_NOW,
    acks={
        Verdict.SETTLED: (envelope("DP00800001001", {"status": "SUCCESS"}, success=False),),
        Verdict.PENDING: (envelope("DP00800001006"),),
        Verdict.REFUSED: (*_REFUSED, envelope("DP00800001008")),
        Verdict.UNKNOWN: (*_UNCLEAR, envelope("DP00800001000"), envelope("DP00800001025")),
    },
    answers={},
    repeat=None,
    reference=_reference,
    token_path=_PATH,
    token=_TOKEN,
)
SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=lambda transport: AirtelClient(SETTINGS, transport=transport),
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # Airtel fills this slot
    charge=Charge(
        attempt_id=ATTEMPT,
        amount=Money(500, "UGX"),
        payer="256700123123",
        callback_url="https://pay.example/in/am1/abc.def",
        description="Order 42",
        livemode=False,
    ),
    token_path=_PATH,
    token=_TOKEN,
    no_token=oauth(401, "invalid_client"),
    stale=oauth(403, "invalid_token"),
    not_now=_NOT_NOW,
    acks={
        Verdict.PENDING: (ack(), ack(success=False), ack("DP00800001001")),
        Verdict.REFUSED: (*_REFUSED, envelope("DP00800001004"), envelope("DP00800001026")),
        Verdict.UNKNOWN: (
            *_UNCLEAR,
            ack("DP00800001000", success=False),
            ack("DP00800001024"),
            ack("DP00800001009"),
        ),
    },
    answers={
        Verdict.PENDING: (enquiry("TIP", "DP00800001006"),),
        Verdict.SETTLED: (enquiry("TS"), enquiry("TS", None)),
        Verdict.REFUSED: (
            enquiry("TF", "DP00800001002"),
            enquiry("TF", "DP00800001009"),
            enquiry("TE", "DP00800001029"),
            envelope("DP00800001007"),
        ),
        Verdict.UNKNOWN: (
            envelope("DP00800001025"),
            enquiry("TA", "DP00800001000"),
            enquiry("TS", "DP00800001000"),
            enquiry("TF"),
            enquiry("TX"),
            enquiry("TS", id="0" * 32),
        ),
    },
    notices={
        Verdict.SETTLED: (notice("TS"),),
        Verdict.REFUSED: (notice("TF"), notice("TE")),
        Verdict.UNKNOWN: (notice("TA"), notice("TX"), b'{"transaction":{}}'),
    },
    repeat=None,
    reference=_reference,
    secrets=("canary-secret", "canary-callback", "4321", "canary-token"),
    told_amount=False,
    money_out=(PAYOUTS, REFUNDS),
    looks={
        "tells_balance": lambda rail: AirtelWallet(SETTINGS, transport=rail).balance(),
        "names_holders": lambda rail: AirtelWallet(SETTINGS, transport=rail).holder(ORDER),
    },
)
