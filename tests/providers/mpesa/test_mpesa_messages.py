"""Daraja's messages in the shapes they really come in."""

import json
from typing import Any

import pytest

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.mpesa import acks, c2b, results, stk
from providers.mpesa.provider import PROVIDER
from providers.readings import UNREADABLE
from tests.providers.sheets.mpesa import ASKED, PAID, SETTINGS, ack, answer, notice

KES = "KES"


def test_a_paid_callback_gives_amount_receipt_and_handle_but_no_reference_of_ours() -> None:
    assert stk.read_callback(notice(0, items=PAID)) == Reading(
        verdict=Verdict.SETTLED,
        provider_code="0",
        provider_message="said",
        amount=Money(15_000, KES),
        provider_reference=ASKED,
        receipt="TK72ABC9XY",
    )


@pytest.mark.parametrize(
    ("value", "minor"),
    [(1.00, 100), (1, 100), ("1", 100), ("10.50", 1050), (10.5, 1050), ("0.01", 1)],
)
def test_an_amount_is_exact_however_it_is_written(value: Any, minor: int) -> None:
    reading = stk.read_callback(notice(0, items=[{"Name": "Amount", "Value": value}]))
    assert reading.amount == Money(minor, KES)


@pytest.mark.parametrize("value", ["many", "1.005", -5, [], {}, True, "1e3", 10**30])
def test_a_success_in_an_amount_nobody_can_read_is_not_settled(value: Any) -> None:
    assert stk.read_callback(notice(0, items=[{"Name": "Amount", "Value": value}])) == UNREADABLE


@pytest.mark.parametrize("items", [None, [], {}, [None, 7, {"Value": 3}], {"Name": "Balance"}])
def test_metadata_may_be_missing_null_one_object_or_strange(items: Any) -> None:
    reading = stk.read_callback(notice(0, items=items))
    assert (reading.verdict, reading.amount, reading.receipt) == (Verdict.SETTLED, None, None)


def test_one_item_need_not_be_a_list_and_a_balance_may_be_text() -> None:
    one = stk.read_callback(notice(0, items={"Name": "Amount", "Value": 5}))
    odd = stk.read_callback(
        notice(0, items=[*PAID, {"Name": "Balance", "Value": "{Amount={CurrencyCode=KES}}"}])
    )
    assert (one.amount, odd.amount) == (Money(500, KES), Money(15_000, KES))


@pytest.mark.parametrize("value", ["NLJ0000000", "TAH0000000", "0", "", None, "0000000000", "N/A"])
def test_a_placeholder_is_no_receipt(value: str | None) -> None:
    items = [{"Name": "MpesaReceiptNumber", "Value": value}]
    assert stk.read_callback(notice(0, items=items)).receipt is None


@pytest.mark.parametrize("body", [b"{}", b'{"Body":null}', b'{"Body":{"stkCallback":[]}}'])
def test_a_callback_without_a_code_is_unreadable(body: bytes) -> None:
    assert stk.read_callback(body) == UNREADABLE


def test_an_acknowledgement_carries_the_handle_to_ask_with() -> None:
    wire = ack()
    reading = acks.read_ack(wire.body)
    assert (reading.verdict, reading.provider_reference) == (Verdict.PENDING, ASKED)
    assert acks.read_ack(wire.body, 500).verdict is Verdict.UNKNOWN


def test_a_query_has_neither_amount_nor_receipt() -> None:
    reading = stk.read_query(answer("0").body)
    assert (reading.verdict, reading.amount, reading.receipt) == (Verdict.SETTLED, None, None)
    assert stk.read_query(answer("0").body, 500).verdict is Verdict.UNKNOWN


def test_a_query_that_was_not_accepted_says_nothing() -> None:
    body = json.loads(answer("0").body) | {"ResponseCode": "1"}
    assert stk.read_query(json.dumps(body).encode()).verdict is Verdict.UNKNOWN


def test_phone_numbers_in_provider_text_are_masked() -> None:
    reading = stk.read_callback(notice(1, "254708374149 has no funds, ref 12345678"))
    assert reading.provider_message == "*********149 has no funds, ref 12345678"


C2B = {
    "TransactionType": "Pay Bill",
    "TransID": "RKL51ZDR4F",
    "TransTime": "20231121121325",
    "TransAmount": "5.00",
    "BusinessShortCode": "600966",
    "BillRefNumber": " K0123456789 ",
    "MSISDN": "2547 ***** 126",
    "FirstName": "NICHOLAS",
}


def test_a_confirmation_is_money_and_a_validation_is_a_question() -> None:
    body = json.dumps(C2B).encode()
    paid, asked = c2b.read_confirmation(body), c2b.read_validation(body)
    assert (paid.verdict, asked.verdict) == (Verdict.SETTLED, None)
    assert (paid.amount, paid.receipt) == (Money(500, KES), "RKL51ZDR4F")
    assert paid.our_reference == "K0123456789"


@pytest.mark.parametrize("gone", ["TransID", "TransAmount"])
def test_a_confirmation_without_amount_or_receipt_is_unreadable(gone: str) -> None:
    body = json.dumps(C2B | {gone: ""}).encode()
    assert c2b.read_confirmation(body) == UNREADABLE


def test_a_registration_says_nothing_about_money_and_its_misspelling_is_read() -> None:
    good = b'{"OriginatorCoversationID":"7619-1","ResponseCode":"0","ResponseDescription":"ok"}'
    again = b'{"errorCode":"500.003.1001","errorMessage":"Urls are already registered"}'
    read, known = acks.read_register_ack(good), acks.read_register_ack(again, 500)
    assert (read.verdict, read.our_reference) == (None, "7619-1")
    assert (known.verdict, known.reason) == (None, Reason.DUPLICATE)
    assert acks.read_register_ack(b"", 500) == UNREADABLE


def result(code: Any = 0, parameters: Any = None, **changes: Any) -> bytes:
    """A result envelope; `parameters` is what stands under ResultParameters."""
    inner = {
        "ResultType": "0",
        "ResultCode": code,
        "ResultDesc": "said",
        "OriginatorConversationID": "po_1",
        "ConversationID": "AG_20240706_1",
        "TransactionID": "SG632NMUAB",
        "ResultParameters": parameters,
    }
    return json.dumps({"Result": inner | changes}).encode()


def listed(**pairs: Any) -> dict[str, Any]:
    """ResultParameters as a list of keys and values."""
    items = [{"Key": key, "Value": value} for key, value in pairs.items()]
    return {"ResultParameter": [{"Key": "Bare"}, *reversed(items)]}


def test_a_payout_result_names_amount_receipt_and_both_references() -> None:
    parameters = listed(TransactionAmount=10, TransactionReceipt="SG632NMUAB")
    reading = results.read_payout(result(parameters=parameters))
    assert (reading.verdict, reading.amount) == (Verdict.SETTLED, Money(1000, KES))
    assert (reading.our_reference, reading.provider_reference) == ("po_1", "AG_20240706_1")
    assert reading.receipt == "SG632NMUAB"


@pytest.mark.parametrize(
    "parameters",
    [None, {}, {"ResultParameter": None}, {"ResultParameter": {"Key": "Amount"}}, [], "none"],
)
def test_parameters_may_be_null_missing_or_one_object(parameters: Any) -> None:
    reading = results.read_payout(result("1", parameters, TransactionID="NLJ0000000"))
    assert (reading.verdict, reading.amount, reading.receipt) == (Verdict.REFUSED, None, None)


def test_one_parameter_need_not_be_a_list() -> None:
    one = {"ResultParameter": {"Key": "Amount", "Value": "190.00"}}
    assert results.read_payout(result(parameters=one)).amount == Money(19_000, KES)


def test_the_queue_timeout_posts_our_request_back_and_proves_nothing() -> None:
    body = b'{"OriginatorConversationID":"po_1","CommandID":"BusinessPayment","Amount":"10"}'
    reading = results.read_payout(body)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NO_ANSWER)
    assert reading.our_reference == "po_1"
    assert results.read_payout(b"{}") == UNREADABLE


@pytest.mark.parametrize("code", [0, 1, "17"])
def test_whatever_comes_to_the_timeout_address_is_never_a_final_word(code: Any) -> None:
    reading = results.read_timeout(result(code, listed(Amount=10)))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.NO_ANSWER)
    assert reading.our_reference == "po_1"
    request = b'{"OriginatorConversationID":"po_1","CommandID":"BusinessPayment"}'
    assert results.read_timeout(request) == reading
    assert results.read_timeout(b"<html>") == UNREADABLE


def test_a_status_result_speaks_of_the_original_by_its_inner_ids() -> None:
    parameters = listed(
        **{"Originator Conversation ID": "po_original", "ConversationID": "AG_original"},
        ReceiptNo="SG632NMUAB",
        Amount="300.00",
        TransactionStatus="Completed",
    )
    body = result(0, parameters, OriginatorConversationID="q_1", TransactionID="TAH0000000")
    reading = results.read_status(body)
    assert reading == Reading(
        verdict=Verdict.SETTLED,
        provider_code="0",
        provider_message="said",
        amount=Money(30_000, KES),
        our_reference="po_original",
        provider_reference="AG_original",
        receipt="SG632NMUAB",
    )


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("Failed", Verdict.REFUSED),
        ("Pending", Verdict.PENDING),
        ("completed", Verdict.UNKNOWN),
        (None, Verdict.UNKNOWN),
    ],
)
def test_a_question_that_worked_is_not_yet_a_payment(status: str | None, verdict: Verdict) -> None:
    reading = results.read_status(result(0, listed(TransactionStatus=status)))
    assert reading.verdict is verdict
    assert (reading.our_reference, reading.provider_reference, reading.receipt) == (None,) * 3


@pytest.mark.parametrize("code", ["1", "2001", "2033", 26, "new"])
def test_a_question_that_failed_leaves_the_payment_unknown(code: Any) -> None:
    reading = results.read_status(result(code))
    assert (reading.verdict, reading.our_reference) == (Verdict.UNKNOWN, None)


def test_balances_say_nothing_about_a_payment() -> None:
    told = results.read_balance(result(0, listed(AccountBalance="Working Account|KES|1|1|0|0")))
    refused = results.read_balance(result("2001"))
    assert (told.verdict, told.amount) == (None, None)
    assert (refused.verdict, refused.reason) == (None, Reason.CREDENTIALS)
    assert results.read_balance(b"{}") == UNREADABLE


@pytest.mark.parametrize(
    ("confirm_above", "minor", "hint"),
    [(0, 100, True), (10_000, 999_900, False), (10_000, 1_000_000, True), (10_000, None, True)],
)
def test_an_unsigned_success_is_a_hint_unless_small_successes_are_trusted(
    confirm_above: int, minor: int | None, hint: bool
) -> None:
    settings = SETTINGS.model_copy(update={"confirm_above": confirm_above})
    callbacks = PROVIDER.callbacks(settings)  # type: ignore[misc]  # M-Pesa fills this slot
    amount = None if minor is None else Money(minor, KES)
    assert callbacks.hint(Reading(verdict=Verdict.SETTLED, amount=amount)) is hint


def test_an_unsigned_refusal_is_a_hint_too() -> None:
    callbacks = PROVIDER.callbacks(SETTINGS)  # type: ignore[misc]  # M-Pesa fills this slot
    assert callbacks.hint(Reading(verdict=Verdict.REFUSED))
    assert not callbacks.hint(Reading(verdict=Verdict.PENDING))
