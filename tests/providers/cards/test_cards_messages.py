"""The card gateway's messages: result, code and type are read together."""

import json
from typing import Any

import pytest

from models.ids import ATTEMPT as PREFIX
from models.ids import parsed
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.cards.errors import read_error
from providers.cards.provider import attempt_in
from providers.cards.session import read_session
from providers.cards.transaction import read_transaction, read_webhook
from providers.readings import UNREADABLE
from tests.providers.sheets.cards import (
    ATTEMPT,
    DECLINED,
    PAID,
    RECEIPT,
    SESSION,
    a_session,
    a_transaction,
    an_order,
    notice,
)

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN


def body(message: Any) -> bytes:
    return json.dumps(message).encode()


def test_a_payment_gives_amount_references_and_receipt() -> None:
    assert read_transaction(body(a_transaction()), 201) == Reading(
        verdict=S,
        provider_code="APPROVED",
        amount=Money(150_000, "KES"),
        our_reference=ATTEMPT,
        provider_reference="1",
        receipt=RECEIPT,
    )


def test_a_session_gives_its_id_and_never_its_success_indicator() -> None:
    reading = read_session(body(a_session()), 201)
    assert reading == Reading(verdict=P, provider_code="SUCCESS", provider_reference=SESSION)
    assert "2a149e4aed1d4818" not in repr(reading)


@pytest.mark.parametrize(
    ("result", "code", "kind", "verdict", "reason"),
    [
        ("SUCCESS", "APPROVED_AUTO", "CAPTURE", S, None),
        ("SUCCESS", "APPROVED_PENDING_SETTLEMENT", "REFUND", S, None),
        ("SUCCESS", "APPROVED", "AUTHENTICATION", P, None),
        ("FAILURE", "DECLINED", "AUTHENTICATION", P, None),
        ("SUCCESS", "APPROVED", "AUTHORIZATION", P, None),
        ("SUCCESS", "APPROVED", "VERIFICATION", P, None),
        ("SUCCESS", "APPROVED", "VOID_PAYMENT", U, Reason.REVERSED),
        ("SUCCESS", "APPROVED", "NEVER_HEARD_OF", U, Reason.PROVIDER_ERROR),
        ("SUCCESS", "NEVER_HEARD_OF", "PAYMENT", U, Reason.PROVIDER_ERROR),
        ("SUCCESS", "DECLINED", "PAYMENT", U, Reason.PROVIDER_ERROR),
        ("FAILURE", "APPROVED", "PAYMENT", U, Reason.PROVIDER_ERROR),
        ("FAILURE", "DECLINED", "PAYMENT", R, Reason.DECLINED),
        ("FAILURE", "DECLINED_AVS", "PAYMENT", R, Reason.DECLINED),
        ("FAILURE", "EXPIRED_CARD", "PAYMENT", R, Reason.DECLINED),
        ("FAILURE", "AUTHENTICATION_FAILED", "PAYMENT", R, Reason.DECLINED),
        ("FAILURE", "INSUFFICIENT_FUNDS", "PAYMENT", R, Reason.INSUFFICIENT_FUNDS),
        ("FAILURE", "BLOCKED", "PAYMENT", R, Reason.NOT_ALLOWED),
        ("FAILURE", "CANCELLED", "PAYMENT", R, Reason.PAYER_CANCELLED),
        ("FAILURE", "TIMED_OUT", "PAYMENT", U, Reason.PROVIDER_ERROR),
        ("FAILURE", "ACQUIRER_SYSTEM_ERROR", "PAYMENT", U, Reason.PROVIDER_ERROR),
        ("FAILURE", "SYSTEM_ERROR", "PAYMENT", U, Reason.PROVIDER_ERROR),
        ("FAILURE", "ABORTED", "PAYMENT", U, Reason.PROVIDER_ERROR),
        ("PENDING", "SUBMITTED", "PAYMENT", P, None),
        ("UNKNOWN", "UNKNOWN", "PAYMENT", U, Reason.PROVIDER_ERROR),
    ],
)
def test_three_words_are_read_together(
    result: str, code: str, kind: str, verdict: Verdict, reason: Reason | None
) -> None:
    told = a_transaction(result, code, kind)
    readings = read_transaction(body(told)), read_webhook(notice(told))
    assert {(one.verdict, one.reason) for one in readings} == {(verdict, reason)}


def test_what_moved_no_money_has_no_receipt_and_a_notification_no_handle() -> None:
    assert read_webhook(notice(a_transaction(kind="AUTHENTICATION"))).receipt is None
    assert read_webhook(notice(a_transaction())).provider_reference is None


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        ("CAPTURED", S, None),
        ("AUTHORIZED", P, None),
        ("AUTHENTICATED", P, None),
        ("DECLINED", P, Reason.INSUFFICIENT_FUNDS),
        ("CANCELLED", R, Reason.PAYER_CANCELLED),
        ("EXPIRED", R, Reason.PROMPT_EXPIRED),
        ("PARTIALLY_CAPTURED", U, Reason.PROVIDER_ERROR),
        ("PARTIALLY_REFUNDED", U, Reason.REVERSED),
        ("CHARGEBACK_PROCESSED", U, Reason.REVERSED),
        ("NEVER_HEARD_OF", P, Reason.PROVIDER_ERROR),
    ],
)
def test_an_order_is_read_by_its_status(
    status: str, verdict: Verdict, reason: Reason | None
) -> None:
    reading = read_transaction(body(an_order(status, DECLINED)))
    assert (reading.verdict, reading.reason, reading.our_reference) == (verdict, reason, ATTEMPT)


def test_an_order_tells_the_receipt_of_the_payment_and_not_of_what_came_before() -> None:
    before = a_transaction(kind="AUTHENTICATION")
    paid = a_transaction()
    reading = read_transaction(body(an_order("CAPTURED", before, DECLINED, paid)))
    assert (reading.amount, reading.receipt) == (Money(150_000, "KES"), RECEIPT)


def test_two_payments_in_one_order_are_not_the_amount_that_was_asked() -> None:
    second = a_transaction()
    second["transaction"] = second["transaction"] | {"receipt": "410810111334", "id": "2"}
    twice = PAID | {"totalCapturedAmount": 3000.0, "transaction": [a_transaction(), second]}
    reading = read_transaction(body(twice))
    assert (reading.verdict, reading.amount) == (S, Money(300_000, "KES"))
    assert reading.receipt == RECEIPT


@pytest.mark.parametrize(
    ("number", "currency", "money"),
    [
        ("1500.0", "KES", Money(150_000, "KES")),
        ("1.5E+3", "KES", Money(150_000, "KES")),
        ("0.29", "USD", Money(29, "USD")),
        ('"100.00"', "XAF", Money(100, "XAF")),
        ("100", "XAF", Money(100, "XAF")),
    ],
)
def test_amounts_are_exact_whether_numbers_or_texts(
    number: str, currency: str, money: Money
) -> None:
    told = f'{{"id":"x","status":"CAPTURED","amount":{number},"currency":"{currency}"}}'
    assert read_transaction(told.encode()).amount == money


@pytest.mark.parametrize("changes", [{"amount": 15.001}, {"amount": "x"}, {"currency": "QQQ"}])
def test_a_success_in_money_nobody_can_read_is_not_settled(changes: dict[str, Any]) -> None:
    told = a_transaction()
    told["transaction"] = told["transaction"] | changes
    assert read_transaction(body(told)) == UNREADABLE
    order = an_order("CAPTURED", **changes)
    assert read_transaction(body(order)) == UNREADABLE


@pytest.mark.parametrize(
    ("status", "cause", "said", "told"),
    [
        (400, "INVALID_REQUEST", "bad", (R, Reason.BAD_REQUEST, False)),
        (400, "INVALID_REQUEST", "Unable to find order 'x'", (U, Reason.NOT_FOUND, False)),
        (401, "INVALID_REQUEST", "Invalid credentials.", (R, Reason.CREDENTIALS, False)),
        (400, "REQUEST_REJECTED", "rule", (R, Reason.NOT_ALLOWED, False)),
        (503, "SERVER_BUSY", "later", (R, Reason.RATE_LIMITED, True)),
        (429, "SERVER_BUSY", "later", (R, Reason.RATE_LIMITED, True)),
        (500, "SERVER_FAILED", "sorry", (U, Reason.PROVIDER_ERROR, False)),
        (200, "SERVER_FAILED", "sorry", (U, Reason.PROVIDER_ERROR, False)),
        (400, "NEVER_HEARD_OF", "odd", (U, Reason.PROVIDER_ERROR, False)),
        (500, "SERVER_BUSY", "later", (U, Reason.PROVIDER_ERROR, False)),
        (500, "INVALID_REQUEST", "Unable to find order", (U, Reason.PROVIDER_ERROR, False)),
        (408, "REQUEST_REJECTED", "rule", (U, Reason.PROVIDER_ERROR, False)),
        (503, "REQUEST_REJECTED", "rule", (U, Reason.MAINTENANCE, False)),
        (404, "NEVER_HEARD_OF", "odd", (U, Reason.CONFIGURATION, False)),
        (503, None, None, (U, Reason.MAINTENANCE, False)),
    ],
)
def test_an_error_is_read_by_cause_then_status(
    status: int, cause: str | None, said: str | None, told: tuple[Verdict, Reason, bool]
) -> None:
    raw = body({"error": {"cause": cause, "explanation": said}, "result": "ERROR"})
    readings = {read_error(raw, status)}
    if cause:
        readings |= {read_transaction(raw, status), read_session(raw, status)}
    assert {(one.verdict, one.reason, one.retryable) for one in readings} == {told}
    assert {one.provider_code for one in readings} == {cause}


def test_an_explanation_is_told_without_card_and_phone_numbers() -> None:
    said = "card 4111 1111 1111 1111 of 254712000111"
    raw = body({"error": {"cause": "REQUEST_REJECTED", "explanation": said}, "result": "ERROR"})
    assert read_error(raw, 400).provider_message == "card [card number] of *********111"


def test_a_notification_names_the_attempt_of_its_order() -> None:
    assert attempt_in(notice(a_transaction())) == parsed(PREFIX, ATTEMPT)


@pytest.mark.parametrize("named", ["ORDER-42", None, 7, "att_x"])
def test_a_notification_about_somebody_elses_order_names_nobody(named: Any) -> None:
    assert attempt_in(notice(a_transaction(order={"id": named}))) is None
    assert attempt_in(b"<html>") is None


def test_a_card_number_is_read_out_of_no_text_of_any_message() -> None:
    card = "4111111111111111"
    told = a_transaction(card, card, order={"id": card})
    told["transaction"] = told["transaction"] | {"id": card, "receipt": card}
    order = an_order(card, told, id=card)
    error = {"error": {"cause": card, "explanation": card}}
    answers = [told, order, a_session(result=card, order={"id": card}), error]
    readings = [read(body(one)) for one in answers for read in (read_transaction, read_session)]
    assert readings != []
    assert [one for one in readings if "1111" in repr(one)] == []
