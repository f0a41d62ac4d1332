"""What the house's short code is sent when money leaves it, and how its results are read."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from models.ids import originator_reference
from models.money_out import PayoutOrder
from models.reading import Reading, Reason, Verdict
from providers.mpesa.organisation import BALANCE, PAYOUT, REVERSAL, STATUS
from providers.mpesa.results import read_reversal_status
from providers.mpesa.settings import MpesaSettings
from providers.mpesa.wallet import MpesaWallet, opened
from tests.providers.mpesa.organisations import sent_by
from tests.providers.sheets.mpesa import ORDER, PAYOUTS, REFUND, SETTINGS, TAKEN, wallet
from tests.providers.sheets.mpesa_key import certificate
from tests.providers.sheets.sheet import Rail


def a_wallet(*, plays: int = 1) -> tuple[MpesaWallet, Rail]:
    """A short code whose Daraja takes everything in."""
    rail = Rail(PAYOUTS, [TAKEN] * plays)
    return wallet(rail), rail


async def test_a_payout_names_its_own_reference_and_where_it_is_answered() -> None:
    ours, rail = a_wallet()
    reading = await ours.pay_out(ORDER)
    (sent,) = rail.sent
    body = sent_by(sent)
    assert (reading.verdict, sent.url.path) == (Verdict.PENDING, PAYOUT)
    assert body["OriginatorConversationID"] == originator_reference(ORDER.id)
    assert (body["Amount"], body["PartyA"], body["PartyB"]) == ("1500", "600111", ORDER.payee)
    assert (body["ResultURL"], body["QueueTimeOutURL"]) == (ORDER.result_url, ORDER.timeout_url)
    assert body["SecurityCredential"] == "canary-initiator-password"


async def test_a_payout_is_asked_about_by_the_same_reference() -> None:
    ours, rail = a_wallet()
    reading = await ours.ask_payout(ORDER)
    assert rail.sent[0].url.path == STATUS
    assert sent_by(rail.sent[0])["OriginalConversationID"] == originator_reference(ORDER.id)
    assert (reading.verdict, reading.our_reference) == (Verdict.PENDING, None)


async def test_a_refund_reverses_the_receipt_and_is_asked_about_by_it() -> None:
    ours, rail = a_wallet(plays=2)
    await ours.refund(REFUND)
    await ours.ask_refund(REFUND)
    reversed_, asked = (sent_by(one) for one in rail.sent)
    assert [one.url.path for one in rail.sent] == [REVERSAL, STATUS]
    assert (reversed_["TransactionID"], reversed_["Amount"]) == ("TK72ABC9XY", "150")
    assert asked["TransactionID"] == "TK72ABC9XY"


async def test_the_balance_is_told_later_and_only_where_there_is_an_address() -> None:
    ours, rail = a_wallet()
    asked = await ours.balance("https://pay.example/in/ke9/a.b")
    nowhere = await ours.balance()
    assert asked == replace(asked, verdict=None, amount=None, reason=None)
    assert nowhere == Reading(verdict=None, reason=Reason.NOTHING_TO_ASK_WITH)
    assert [one.url.path for one in rail.sent] == [BALANCE]


@pytest.mark.parametrize("order", [replace(ORDER, result_url=None), replace(ORDER, timeout_url="")])
async def test_nobody_is_asked_without_an_address_for_the_answer(order: PayoutOrder) -> None:
    ours, rail = a_wallet()
    asked = await ours.ask_payout(order)
    assert (asked.verdict, asked.reason) == (Verdict.UNKNOWN, Reason.NOTHING_TO_ASK_WITH)
    assert rail.sent == []


def told(status: str, code: int = 0) -> bytes:
    """The answer to a question about a payment that was to be reversed."""
    items: list[dict[str, Any]] = [
        {"Key": "TransactionStatus", "Value": status},
        {"Key": "Amount", "Value": "150.00"},
        {"Key": "ReceiptNo", "Value": "TK72ABC9XY"},
    ]
    result = {"ResultCode": code, "ResultDesc": "said", "OriginatorConversationID": "q"}
    if code == 0:
        result["ResultParameters"] = {"ResultParameter": items}
    return json.dumps({"Result": result}).encode()


@pytest.mark.parametrize(
    ("raw", "verdict"),
    [
        (told("Reversed"), Verdict.SETTLED),
        (told("Completed"), Verdict.UNKNOWN),
        (told("Pending"), Verdict.PENDING),
        (told("Cancelled"), Verdict.UNKNOWN),
        (told("", 2033), Verdict.UNKNOWN),
        (told("", 2001), Verdict.UNKNOWN),
        (b"<html>", Verdict.UNKNOWN),
    ],
)
def test_only_a_reversed_payment_was_given_back(raw: bytes, verdict: Verdict) -> None:
    assert read_reversal_status(raw).verdict is verdict


def settings(**changes: Any) -> MpesaSettings:
    """The house's settings, and changes."""
    return MpesaSettings(**{**SETTINGS.model_dump(), **changes})


def test_without_an_initiator_there_is_no_wallet() -> None:
    acts = {"initiator": "i", "initiator_password": SecretStr("p"), "certificate": certificate()}
    assert opened(settings()) is None
    assert isinstance(opened(settings(**acts)), MpesaWallet)


@pytest.mark.parametrize("missing", ["initiator_password", "certificate"])
def test_half_an_initiator_stops_the_start(missing: str) -> None:
    acts = {"initiator": "i", "initiator_password": SecretStr("p"), "certificate": certificate()}
    with pytest.raises(ValueError, match=r"certificate|password") as wrong:
        settings(**{**acts, missing: ""})
    assert "canary" not in str(wrong.value)
