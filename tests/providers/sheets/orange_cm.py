"""Case sheet of Orange Money Cameroon."""

import json
from dataclasses import replace
from typing import Any

import httpx

from models.charge import Charge
from models.money import Money
from models.money_out import PayoutOrder
from models.reading import Verdict
from providers.orange_cm.client import OrangeCmClient
from providers.orange_cm.connection import BASE, TOKEN
from providers.orange_cm.provider import PROVIDER
from providers.orange_cm.settings import OrangeCmSettings
from providers.orange_cm.wallet import OrangeCmWallet
from tests.providers.sheets.sheet import MoneyOut, Sheet, Wire

ATTEMPT = "att_01jc0000000000000000000000"
PAY_TOKEN = "MP2011215D78B851CF9A415B887C"
SETTINGS = OrangeCmSettings(
    base_url="https://orange.example",
    consumer_key="canary-key",
    consumer_secret="canary-secret",
    api_username="canary-user",
    api_password="canary-password",
    channel="690000002",
    pin="2580",
)
ORDER = PayoutOrder(
    id="ins_01jc0000000000000000000000",
    amount=Money(1500, "XAF"),
    payee="237690000001",
    purpose="Loan 42",
    name="Marie Ngono",
    provider_reference=PAY_TOKEN,
    result_url="https://pay.example/in/oc1/abc.def",
)
FUNDS = "60019 :: Le solde du compte du payeur est insuffisant"


def wire(body: Any, status: int = 200) -> Wire:
    """A JSON answer."""
    return Wire(status=status, body=json.dumps(body).encode())


def said(status: int, message: str) -> Wire:
    """The API's own word."""
    return wire({"message": message}, status)


def fault(status: int, code: int, message: str = "said") -> Wire:
    """The gateway's refusal."""
    return wire({"fault": {"code": code, "message": message, "description": "more"}}, status)


def data(status: str | None, **changes: Any) -> dict[str, Any]:
    """A payment as it is answered."""
    body = {
        "id": 1,
        "subscriberMsisdn": "690000001",
        "amount": 1500,
        "payToken": PAY_TOKEN,
        "txnid": "MP201121.1708.C44634",
        "txnmode": ATTEMPT,
        "inittxnstatus": "200",
        "confirmtxnstatus": None,
        "status": status,
    }
    return body | changes


def told(status: str | None, http: int = 200, message: str = "said", **changes: Any) -> Wire:
    """An answer about a payment."""
    return wire({"message": message, "data": data(status, **changes)}, http)


def notice(body: Any) -> bytes:
    """A notification."""
    return json.dumps(body).encode()


def _reference(request: httpx.Request) -> str:
    if request.content:
        return str(json.loads(request.content)["orderId"])
    return request.url.path.rsplit("/", 1)[-1]


def _prepared(kind: str) -> dict[str, Wire]:
    return {f"{BASE}/{kind}/init": wire({"message": "ok", "data": {"payToken": PAY_TOKEN}})}


_NOT_NOW = (fault(429, 900802), fault(403, 900800, "throttled"), Wire(status=429))
_ACKS = {
    Verdict.PENDING: (told("PENDING"), told("INITIATED")),
    Verdict.REFUSED: (
        said(403, "Access denied"),
        said(400, "Invalid payToken supplied"),
    ),
    Verdict.UNKNOWN: (
        told("SUCCESSFULL"),
        told("SOMETHING"),
        said(500, "Internal error"),
        told("FAILED", 500),
        said(417, "00068 :: refuse"),
        told("PENDING", payToken="MP-another"),
    ),
}
_ANSWERS = {
    Verdict.PENDING: (told("PENDING"),),
    Verdict.SETTLED: (told("SUCCESSFULL"), told("SUCCESS")),
    Verdict.REFUSED: (told("FAILED", confirmtxnstatus="60019"), told("CANCELLED"), told("EXPIRED")),
    Verdict.UNKNOWN: (
        said(404, "No mp found for input pay token"),
        told(None, inittxnstatus=None),
        told("SOMETHING"),
        told("SUCCESSFULL", payToken="MP-another"),
    ),
}
_TOKEN = Wire(
    body=b'{"access_token":"canary-token","scope":"d","token_type":"Bearer","expires_in":3600}'
)


def wallet(transport: httpx.AsyncBaseTransport) -> OrangeCmWallet:
    """The channel's own money."""
    return OrangeCmWallet(SETTINGS, transport=transport)


FRESH = replace(ORDER, provider_reference=None)
PAYOUTS = MoneyOut(
    name="orange_cm-payout",
    slot="pays_out",
    send=lambda rail: wallet(rail).pay_out(FRESH),
    ask=lambda rail: wallet(rail).ask_payout(ORDER),
    unfit=(
        lambda rail: wallet(rail).pay_out(replace(ORDER, amount=Money(100, "KES"))),
        lambda rail: wallet(rail).pay_out(replace(ORDER, amount=Money(0, "XAF"))),
        lambda rail: wallet(rail).pay_out(replace(ORDER, payee="254712345678")),
    ),
    not_now=_NOT_NOW,
    acks=_ACKS,
    answers=_ANSWERS,
    repeat=None,
    reference=_reference,
    token_path=TOKEN,
    token=_TOKEN,
    prepares=_prepared("cashin"),
)
SHEET = Sheet(
    provider=PROVIDER,
    settings=SETTINGS,
    client=lambda transport: OrangeCmClient(SETTINGS, transport=transport),
    callbacks=PROVIDER.callbacks(SETTINGS),  # type: ignore[misc]  # Orange fills this slot
    charge=Charge(
        attempt_id=ATTEMPT,
        amount=Money(1500, "XAF"),
        payer="237690000001",
        callback_url="https://pay.example/in/oc1/abc.def",
        description="Order 42",
        livemode=False,
        provider_reference=PAY_TOKEN,
    ),
    token_path=TOKEN,
    token=_TOKEN,
    no_token=wire({"error": "invalid_client", "error_description": "no"}, 401),
    stale=fault(401, 900901, "Invalid Credentials"),
    not_now=_NOT_NOW,
    acks=_ACKS,
    answers=_ANSWERS,
    notices={
        Verdict.PENDING: (notice(data("PENDING")),),
        Verdict.SETTLED: (notice(data("SUCCESSFULL")), notice({"data": data("SUCCESS")})),
        Verdict.REFUSED: (notice(data("FAILED")), notice({"data": data("EXPIRED")})),
        Verdict.UNKNOWN: (notice({"payToken": PAY_TOKEN}), notice(data("SOMETHING"))),
    },
    repeat=None,
    reference=_reference,
    secrets=("canary-secret", "canary-password", "canary-token", "2580"),
    prepares=_prepared("mp"),
    money_out=(PAYOUTS,),
    looks={"names_holders": lambda rail: wallet(rail).holder(ORDER)},
)
