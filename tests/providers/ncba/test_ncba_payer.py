"""What the bank is sent for a payment to another bank, and what our own account shows of it."""

import json
from dataclasses import replace
from typing import Any

import pytest

from models.money import Money
from models.money_out import BankPayoutOrder, BankRail, Holder
from models.reading import Reason, Verdict
from providers.ncba.callbacks import read_callback
from providers.ncba.owners import read_validation
from providers.ncba.payer import NcbaPayer, opened
from providers.ncba.payments import PATHS
from providers.ncba.settings import NcbaSettings
from tests.providers.sheets.ncba import (
    ACCOUNT,
    BY_RTGS,
    ORDER,
    PAYOUTS,
    answer,
    payer,
    row,
    statement,
)
from tests.providers.sheets.sheet import Rail, Wire

BASE = "/test/apigateway"
COMMON = {
    "BeneficiaryAccountNumber": "0123456789",
    "BeneficiaryName": "Jane Achieng",
    "Amount": "1500.00",
    "Currency": "KES",
    "Narration": f"{ORDER.id} Invo",
    "SenderCIF": "774451",
    "SenderCountry": "Kenya",
    "TransactionID": ORDER.id,
}
GROSS = {
    "BeneficiaryBankBIC": "KCBLKENX",
    "BeneficiaryCountry": "KE",
    "BeneficiaryAddress": "Kenya",
    "CreditAmount": "1500.00",
    "CreditCurrency": "KES",
    "DebitCurrency": "KES",
    "PurposeCode": "MSC",
}


def a_payer(*plays: Wire) -> tuple[NcbaPayer, Rail]:
    """A payer whose bank plays `plays`."""
    rail = Rail(PAYOUTS[0], list(plays))
    return payer(rail), rail


@pytest.mark.parametrize(
    ("order", "more"),
    [
        (ORDER, {"SenderAccountNumber": ACCOUNT, "BeneficiaryBankBIC": "01"}),
        (
            replace(ORDER, rail=BankRail.EFT),
            {"DebitAccountNumber": ACCOUNT, "BeneficiaryBankBIC": "01"},
        ),
        (BY_RTGS, {"SenderAccountNumber": ACCOUNT, **GROSS}),
        (replace(ORDER, rail=BankRail.INTERNAL, bank=""), {"SenderAccountNumber": ACCOUNT}),
    ],
    ids=["pesalink", "eft", "rtgs", "internal"],
)
async def test_each_rail_is_sent_what_it_wants(
    order: BankPayoutOrder, more: dict[str, str]
) -> None:
    ours, rail = a_payer(answer("000"))
    await ours.pay_bank(order)
    (sent,) = rail.sent
    assert sent.url.path == BASE + PATHS[order.rail]
    assert json.loads(sent.content) == {**COMMON, **more}


@pytest.mark.parametrize(
    ("order", "why"),
    [
        (replace(ORDER, amount=Money(100_000_000, "KES")), "more by RTGS"),
        (replace(ORDER, bank="KCBLKENX"), "clearing code"),
        (replace(BY_RTGS, bank="01"), "SWIFT"),
        (replace(ORDER, amount=Money(0, "KES")), "not positive"),
        (replace(ORDER, id="x" * 36), "reference"),
    ],
)
async def test_what_a_rail_cannot_carry_is_refused_with_the_reason(
    order: BankPayoutOrder, why: str
) -> None:
    ours, rail = a_payer()
    reading = await ours.pay_bank(order)
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.BAD_REQUEST)
    assert why in (reading.provider_message or "")
    assert rail.sent == []


async def test_rtgs_has_no_cap() -> None:
    ours, rail = a_payer(answer("000"))
    order = replace(BY_RTGS, amount=Money(100_000_000, "KES"))
    assert (await ours.pay_bank(order)).verdict is Verdict.PENDING
    assert len(rail.sent) == 1


async def test_money_that_came_back_is_returned_and_named_by_the_banks_own_line() -> None:
    back = {**row("Credit"), "InstrumentReferenceNumber": "FT26110002"}
    ours, rail = a_payer(statement(row("Debit"), back))
    reading = await ours.ask_bank_payout(ORDER)
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.REVERSED)
    assert (reading.receipt, reading.amount) == ("FT26110002", ORDER.amount)
    asked = json.loads(rail.sent[0].content)
    assert (asked["fromDate"], asked["toDate"]) == ("21112026", "23112026")
    assert asked["accountNo"] == ACCOUNT


async def test_a_payment_the_statement_does_not_show_is_not_found() -> None:
    ours, _ = a_payer(statement())
    reading = await ours.ask_bank_payout(ORDER)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NOT_FOUND)


@pytest.mark.parametrize("status", ["RETURNED", "reversed", "Bounced"])
def test_a_callback_tells_a_bounce(status: str) -> None:
    said = read_callback(json.dumps({"TransactionID": ORDER.id, "Status": status}).encode())
    assert (said.verdict, said.reason) == (Verdict.REFUSED, Reason.REVERSED)


@pytest.mark.parametrize(
    ("order", "wires", "holder"),
    [
        (ORDER, [Wire(body=b'{"StatusCode":"00","StatusMessage":"ok"}')], Holder(active=True)),
        (ORDER, [Wire(body=b'{"StatusCode":"14","StatusMessage":"no"}')], Holder(active=False)),
        (ORDER, [Wire(status=500, body=b"{}")], Holder()),
        (ORDER, [Wire(body=b"<html>")], Holder()),
        (BY_RTGS, [], Holder()),
    ],
)
async def test_pesalink_alone_says_whether_an_account_is_there(
    order: BankPayoutOrder, wires: list[Wire], holder: Holder
) -> None:
    ours, rail = a_payer(*wires)
    assert await ours.bank_holder(order) == holder
    sent = [json.loads(one.content) for one in rail.sent]
    asked: dict[str, Any] = {
        "targetPic": "01",
        "accountToVerify": "0123456789",
        "debitAccount": ACCOUNT,
    }
    assert sent == [asked] * len(wires)


def test_a_validation_says_nothing_about_money() -> None:
    said = read_validation(b'{"StatusCode":"14","StatusMessage":"Invalid account 0123456789"}')
    assert (said.verdict, said.provider_code) == (None, "14")
    assert "0123456789" not in (said.provider_message or "")


def test_without_a_bank_there_is_no_payer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NCBA_BASE_URL", raising=False)
    assert opened(NcbaSettings()) is None
    named = NcbaSettings(base_url="https://bank.example", pool_account=ACCOUNT)
    assert isinstance(opened(named), NcbaPayer)
