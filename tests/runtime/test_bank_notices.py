"""Which notices of the bank begin a credit; the others are only kept."""

import json
from typing import Any

import pytest

from models import ids
from providers.ncba import notices
from providers.ncba.hashes import JSON_ORDERS, XML_ORDER, made
from providers.ncba.settings import NcbaSettings
from runtime.bank_notices import BankNotices

SETTINGS = NcbaSettings(
    pool_account="7744510018", notice_user="bank", notice_password="right", notice_secret="salt"
)
ROW = {"id": ids.uuid7(), "livemode": False}
TOLD = {
    "User": "bank",
    "Password": "right",
    "TransType": "CREDIT",
    "TransID": "FT26325ABC",
    "TransTime": "2611210905",
    "TransAmount": "1000",
    "AccountNr": "7744510018",
    "Narrative": "KTABCDEFGH",
    "Status": "SUCCESS",
}
PAID = {
    "Username": "bank",
    "Password": "right",
    "TransType": "Pay Bill",
    "TransID": "UKL678XXXX",
    "TransTime": "20261121090500",
    "TransAmount": "4.0",
    "BusinessShortCode": "880100",
    "BillRefNumber": "774451",
    "Narrative": "KTABCDEFGH",
}


def xml(signed: dict[str, str], **read_as: str) -> bytes:
    """As the bank signed it, then as somebody moved the letters."""
    fields = {**signed, "HashVal": made("salt", signed, XML_ORDER), **read_as}
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    root = "NCBAPaymentNotificationRequest"
    return f"<Envelope><Body><{root}>{inner}</{root}></Body></Envelope>".encode()


def paid(**changes: str) -> bytes:
    values = {**PAID, **changes}
    return json.dumps({**values, "Hash": made("salt", values, JSON_ORDERS["base+1"])}).encode()


async def by_account(raw: bytes) -> Any:
    outcome, start = await BankNotices(SETTINGS, notices.hear_xml)(ROW, raw)
    return outcome, start is not None


async def by_pay_bill(raw: bytes) -> Any:
    outcome, start = await BankNotices(SETTINGS, notices.hear_json)(ROW, raw)
    return outcome, start is not None


async def test_a_credit_of_the_pool_account_begins() -> None:
    assert await by_account(xml(TOLD)) == ("credit", True)


async def test_the_instruction_a_notice_names_goes_with_the_credit() -> None:
    ours = ids.instruction_id("po_1", "eft", 1)
    raw = xml({**TOLD, "Narrative": f"REVERSAL {ours}"})
    _, start = await BankNotices(SETTINGS, notices.hear_xml)(ROW, raw)
    assert start is not None
    assert start.order.names == (ours.upper(),)


@pytest.mark.parametrize("status", ["FAILED", "REVERSED", "PENDING", ""])
async def test_what_the_bank_does_not_call_done_credits_nobody(status: str) -> None:
    assert await by_account(xml({**TOLD, "Status": status})) == ("not done", False)


async def test_money_of_another_account_credits_nobody() -> None:
    told = {**TOLD, "AccountNr": "9999999999"}
    assert await by_account(xml(told)) == ("another account", False)


async def test_digits_moved_from_the_account_to_the_amount_credit_nobody() -> None:
    raw = xml(TOLD, TransAmount="10007744", AccountNr="510018")
    assert notices.hear_xml(raw, SETTINGS.notice_keys()).notice is not None
    assert await by_account(raw) == ("another account", False)


async def test_a_debit_is_only_kept() -> None:
    assert await by_account(xml({**TOLD, "TransAmount": "-5.00"})) == ("debit", False)


@pytest.mark.parametrize("account", ["880100", "7744510018"])
async def test_the_pay_bill_or_our_account_is_named_by_the_other_form(account: str) -> None:
    assert await by_pay_bill(paid(BusinessShortCode=account)) == ("credit", True)


async def test_another_pay_bill_credits_nobody() -> None:
    assert await by_pay_bill(paid(BusinessShortCode="400200")) == ("another account", False)


async def test_a_name_no_book_would_take_is_sent_back() -> None:
    heard = notices.hear_xml(xml({**TOLD, "TransID": "X" * 65}), SETTINGS.notice_keys())
    assert heard.distrust is notices.Distrust.UNREADABLE
