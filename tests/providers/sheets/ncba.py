"""Case sheets of payouts to banks through NCBA, one per rail."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import httpx

from models.money import Money
from models.money_out import BankPayoutOrder, BankRail
from models.reading import Verdict
from providers.ncba.keys import NcbaKeys
from providers.ncba.payer import NcbaPayer
from tests.providers.sheets.sheet import Call, MoneyOut, Wire

ACCOUNT = "7744510018"
KEYS = NcbaKeys(
    base_url="https://bank.example/test/apigateway",
    user_id="canary-user",
    password="canary-password",
    subscription_key="canary-key",
)
ORDER = BankPayoutOrder(
    id="ins_01jc0000000000000000000000",
    rail=BankRail.PESALINK,
    amount=Money(150_000, "KES"),
    bank="01",
    account="0123456789",
    name="Jane Achieng",
    purpose="Invoice 42",
    on=date(2026, 11, 21),
)
BY_RTGS = replace(ORDER, rail=BankRail.RTGS, bank="KCBLKENX")


def payer(transport: httpx.AsyncBaseTransport) -> NcbaPayer:
    """Our account at the bank, two days after the order."""
    later = datetime(2026, 11, 23, 9, tzinfo=UTC)
    return NcbaPayer(KEYS, ACCOUNT, transport=transport, now=lambda: later)


def answer(code: str, words: str = "said", status: int = 200) -> Wire:
    """The bank's answer to a payment."""
    body = {"resultCode": code, "statusDescription": words, "TransactionID": ORDER.id}
    return Wire(status=status, body=json.dumps(body).encode())


def row(side: str, amount: str = "1500.00", told: str = f"{ORDER.id} Inv") -> dict[str, str]:
    """One line of our account's statement."""
    credit = side == "Credit"
    return {
        "ValueDate": "21112026",
        "CreditDebitFlag": side,
        "InstrumentReferenceNumber": "FT26110001",
        "CreditAmount": amount if credit else "0.00",
        "DebitAmount": "0.00" if credit else amount,
        "RunningBalance": "9,000.00",
        "Narrative": told.upper(),
        "PaymentDetails": told,
        "TransactionCurrency": "KES",
    }


def statement(*rows: dict[str, Any]) -> Wire:
    """Our account's statement of those days."""
    return Wire(body=json.dumps({"transactions": rows}).encode())


def _named(request: httpx.Request) -> str:
    return str(json.loads(request.content)["TransactionID"])


def _sent(order: BankPayoutOrder) -> Call:
    return lambda rail: payer(rail).pay_bank(order)


_NOT_NOW = (
    answer("x", "Rate limit is exceeded", 429),
    Wire(status=403, body=b"<html><title>Security Notice</title></html>"),
)
_REFUSED = (
    answer("999", "Transaction could not be completed"),
    answer("116", "Insufficient funds"),
    answer("400", "Invalid Amount", 400),
)
_UNCLEAR = (
    answer("999", "Request timed out"),
    answer("094", "Duplicate transaction reference"),
    answer("x", "Internal server error", 500),
    answer("00"),
)
_ANSWERS = {
    Verdict.SETTLED: (
        statement(row("Debit")),
        statement(row("Credit", told="somebody else"), row("Debit")),
    ),
    Verdict.REFUSED: (statement(row("Debit"), row("Credit")),),
    Verdict.UNKNOWN: (
        statement(),
        statement(row("Debit", told="somebody else")),
        statement(row("Debit", "1499.00")),
        statement(row("Debit"), row("Credit"), {"ValueDate": "?"}),
    ),
}


def _samples(name: str, order: BankPayoutOrder, accepted: Verdict) -> MoneyOut:
    return MoneyOut(
        name=name,
        slot="pays_banks",
        send=_sent(order),
        ask=lambda rail: payer(rail).ask_bank_payout(order),
        unfit=(
            _sent(replace(order, amount=Money(1500, "XAF"))),
            _sent(replace(order, amount=Money(4_999, "KES"))),
            _sent(replace(order, account=ACCOUNT)),
            _sent(replace(order, account="1")),
            _sent(replace(order, bank="?")),
            _sent(replace(order, name="  ")),
        ),
        not_now=_NOT_NOW,
        acks={
            accepted: (answer("000"),),
            Verdict.REFUSED: _REFUSED,
            Verdict.UNKNOWN: _UNCLEAR,
        },
        answers=_ANSWERS,
        repeat=answer("094", "Duplicate transaction reference"),
        reference=_named,
        token_path="/test/apigateway/api/v1/Auth/generate-token",
        token=Wire(body=b'{"accessToken":"canary-token","tokenType":"Bearer"}'),
    )


PAYOUTS = (
    _samples("ncba-pesalink", ORDER, Verdict.SETTLED),
    _samples("ncba-eft", replace(ORDER, rail=BankRail.EFT), Verdict.PENDING),
    _samples("ncba-rtgs", BY_RTGS, Verdict.PENDING),
)
