"""What an organisation sends, field by field, and what every answer means."""

import json

import pytest

from models.ids import originator_reference
from models.money import Money
from models.payout import TransferKind
from models.reading import Reading, Reason, Verdict
from providers.mpesa import organisation as calls
from providers.mpesa.c2b import Unanswered
from providers.mpesa.initiator import BadCertificate
from providers.mpesa.organisation import MpesaOrganisation
from tests.providers.mpesa.organisations import (
    PASSWORD,
    URLS,
    a_payout,
    a_reversal,
    a_transfer,
    keys,
    organisation,
    sent_by,
    taken,
)
from tests.providers.sheets.mpesa import SHEET, error
from tests.providers.sheets.sheet import Wire


async def test_a_payout_carries_our_reference_and_the_sealed_password() -> None:
    payout = a_payout(purpose="Loan #42 — été")
    client, rail = organisation(taken(payout.reference))
    reading = await client.pay(payout)
    assert rail.sent[0].url.path == calls.PAYOUT == "/mpesa/b2c/v3/paymentrequest"
    assert sent_by(rail.sent[0]) == {
        "OriginatorConversationID": payout.reference,
        "InitiatorName": "kauri-api",
        "SecurityCredential": PASSWORD,
        "CommandID": "BusinessPayment",
        "Amount": "10000",
        "PartyA": "600222",
        "PartyB": "254712000111",
        "Remarks": "Loan 42 t",
        "QueueTimeOutURL": payout.timeout_url,
        "ResultURL": payout.result_url,
        "Occassion": payout.reference,
    }
    assert (reading.verdict, reading.our_reference) == (Verdict.PENDING, payout.reference)
    assert reading.provider_reference == "AG_20261121_1"


def test_a_reference_is_the_same_every_time_short_and_plain() -> None:
    one, again, other = (originator_reference(name) for name in ("ins_a", "ins_a", "ins_b"))
    assert one == again != other
    assert len(one) == 19
    assert one.isascii()
    assert one.isalnum()


async def test_float_moves_from_working_to_utility_with_their_misspelling() -> None:
    transfer = a_transfer()
    client, rail = organisation(taken(), taken())
    await client.transfer(transfer)
    await client.transfer(a_transfer(kind=TransferKind.WITHIN))
    first, second = map(sent_by, rail.sent)
    assert rail.sent[0].url.path == calls.TRANSFER
    assert (first["Initiator"], first["SecurityCredential"]) == ("kauri-api", PASSWORD)
    assert (first["CommandID"], first["Amount"]) == ("BusinessPayToBulk", "5000")
    assert (first["SenderIdentifierType"], first["RecieverIdentifierType"]) == ("4", "4")
    assert (first["PartyA"], first["PartyB"]) == ("600222", "600222")
    assert first["OriginatorConversationID"] == transfer.reference
    assert len(first["AccountReference"]) <= 13
    assert second["CommandID"] == "BusinessTransferFromMMFToUtility"


async def test_a_reversal_names_the_receipt_and_all_of_its_money() -> None:
    client, rail = organisation(taken())
    await client.reverse(a_reversal())
    body = sent_by(rail.sent[0])
    assert rail.sent[0].url.path == calls.REVERSAL
    assert (body["CommandID"], body["TransactionID"]) == ("TransactionReversal", "RKL51ZDR4F")
    assert (body["Amount"], body["ReceiverParty"]) == ("300", "600222")
    assert body["RecieverIdentifierType"] == "11"


async def test_a_question_names_the_receipt_where_it_is_known_else_our_reference() -> None:
    client, rail = organisation(taken(), taken())
    await client.ask(reference="K1", **URLS)
    await client.ask(reference="K1", receipt="SG632NMUAB", **URLS)
    by_reference, by_receipt = map(sent_by, rail.sent)
    assert by_reference["OriginalConversationID"] == "K1"
    assert "TransactionID" not in by_reference
    assert by_receipt["TransactionID"] == "SG632NMUAB"
    assert "OriginalConversationID" not in by_receipt
    assert (by_receipt["PartyA"], by_receipt["IdentifierType"]) == ("600222", "4")


async def test_the_acknowledgement_of_a_question_names_nobody() -> None:
    """Its ids are the question's own: taken for the payment's they would be asked about next."""
    client, _ = organisation(taken())
    assert await client.ask(reference="K1", **URLS) == Reading(
        verdict=Verdict.PENDING,
        provider_code="0",
        provider_message="Accept the service request successfully.",
    )


async def test_without_a_name_there_is_nothing_to_ask_with() -> None:
    client, rail = organisation()
    reading = await client.ask(**URLS)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NOTHING_TO_ASK_WITH)
    assert rail.sent == []


async def test_balances_are_asked_for_and_say_nothing_about_money() -> None:
    client, rail = organisation(taken(), error(500, "500.003.02", "System is busy"))
    asked, busy = await client.balance(**URLS), await client.balance(**URLS)
    assert sent_by(rail.sent[0])["CommandID"] == "AccountBalance"
    assert (asked.verdict, asked.reason) == (None, None)
    assert (busy.verdict, busy.reason, busy.retryable) == (None, Reason.RATE_LIMITED, False)


async def test_addresses_are_registered_once() -> None:
    ok = Wire(
        body=b'{"OriginatorCoversationID":"7-1","ResponseCode":"0","ResponseDescription":"success"}'
    )
    client, rail = organisation(ok, error(500, "500.003.1001", "Urls are already registered"))
    urls = {"confirmation_url": "https://pay.example/c", "validation_url": "https://pay.example/v"}
    first = await client.register_urls(**urls, unanswered=Unanswered.CANCELLED)
    again = await client.register_urls(**urls, unanswered=Unanswered.COMPLETED)
    assert json.loads(rail.sent[0].content) == {
        "ShortCode": "600222",
        "ResponseType": "Cancelled",
        "ConfirmationURL": "https://pay.example/c",
        "ValidationURL": "https://pay.example/v",
    }
    assert (first.verdict, first.reason) == (None, None)
    assert (again.verdict, again.reason) == (None, Reason.DUPLICATE)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"amount": Money(1_000_050, "KES")}, Reason.BAD_REQUEST),
        ({"amount": Money(100, "XAF")}, Reason.BAD_REQUEST),
        ({"amount": Money(0, "KES")}, Reason.BAD_REQUEST),
        ({"amount": Money(-1_000, "KES")}, Reason.BAD_REQUEST),
        ({"amount": Money(900, "KES")}, Reason.LIMIT_EXCEEDED),
        ({"amount": Money(25_000_100, "KES")}, Reason.LIMIT_EXCEEDED),
        ({"payee": "0712000111"}, Reason.BAD_REQUEST),
        ({"payee": "+254712000111"}, Reason.BAD_REQUEST),
        ({"payee": "254812000111"}, Reason.BAD_REQUEST),
        ({"reference": ""}, Reason.BAD_REQUEST),
        ({"reference": "two words"}, Reason.BAD_REQUEST),
    ],
)
async def test_what_the_rail_cannot_carry_is_refused_unsent(
    changes: dict[str, object], reason: Reason
) -> None:
    client, rail = organisation()
    reading = await client.pay(a_payout(**changes))
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, reason)
    assert (rail.sent, rail.token_calls) == ([], 0)


@pytest.mark.parametrize("minor", [1_000, 25_000_000])
async def test_both_ends_of_the_range_are_carried(minor: int) -> None:
    client, rail = organisation(taken())
    await client.pay(a_payout(amount=Money(minor, "KES")))
    assert len(rail.sent) == 1


async def test_cents_of_a_transfer_and_of_a_reversal_are_refused_unsent() -> None:
    client, rail = organisation()
    moved = await client.transfer(a_transfer(amount=Money(50, "KES")))
    turned = await client.reverse(a_reversal(amount=Money(50, "KES")))
    assert (moved.verdict, turned.verdict) == (Verdict.REFUSED, Verdict.REFUSED)
    assert rail.sent == []


async def test_keys_are_checked_by_a_token_and_by_nothing_that_could_lock_the_initiator() -> None:
    right, rail = organisation()
    wrong, _ = organisation(tokens=(SHEET.no_token,))
    assert await right.authenticate() == Reading(verdict=None)
    assert (await wrong.authenticate()).reason is Reason.CREDENTIALS
    assert (rail.sent, rail.token_calls) == ([], 1)


@pytest.mark.parametrize(
    "pem", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_a_bad_certificate_is_told_at_once_and_without_the_password(pem: str) -> None:
    with pytest.raises(BadCertificate) as told:
        MpesaOrganisation(keys(certificate_pem=pem))
    assert PASSWORD not in str(told.value)


def test_a_password_longer_than_the_key_is_told_without_it() -> None:
    with pytest.raises(BadCertificate) as told:
        MpesaOrganisation(keys(initiator_password="x" * 300))
    assert "xxx" not in str(told.value)


def test_keys_and_orders_print_no_secret_no_phone_and_no_address() -> None:
    shown = f"{keys()!r} {a_payout()!r} {a_transfer()!r} {a_reversal()!r}"
    for secret in ("canary", "254712000111", "/in/ke2", "BEGIN"):
        assert secret not in shown
