"""Orange's messages in the shapes they come in: two APIs, three shapes of error."""

import json
from typing import Any

import pytest

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.orange import core as core_api
from providers.orange import webpay
from providers.orange.errors import read_error
from providers.readings import UNREADABLE
from tests.providers.sheets.orange import (
    ATTEMPT,
    CORE_TOKEN,
    PAGE,
    PAY_TOKEN,
    RECEIPT,
    core,
    error,
    made,
    notice,
    told,
    wire,
)

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN
LACKS = "60019 :: Le solde du compte du payeur est insuffisant"


def test_a_page_just_made_waits_and_has_an_address() -> None:
    assert webpay.read_init(made().body, 201) == Reading(
        verdict=P, provider_code="201", provider_reference=PAY_TOKEN, redirect_url=PAGE
    )


@pytest.mark.parametrize("page", ["http://pay.example/p", "javascript:alert(1)", None, 7])
def test_a_page_that_is_not_secure_is_not_shown_to_payers(page: Any) -> None:
    reading = webpay.read_init(made(payment_url=page).body, 201)
    assert (reading.verdict, reading.redirect_url) == (P, None)


def test_a_page_without_its_token_or_with_a_wrong_status_is_none() -> None:
    assert webpay.read_init(made(pay_token=None).body, 201).verdict is U
    assert webpay.read_init(made().body, 500).verdict is U


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        ("INITIATED", P, None),
        ("PENDING", P, None),
        ("SUCCESS", S, None),
        ("FAILED", R, Reason.DECLINED),
        ("EXPIRED", R, Reason.PROMPT_EXPIRED),
        ("SUCCESSFUL", U, Reason.PROVIDER_ERROR),
    ],
)
def test_a_page_is_read_by_its_status(status: str, verdict: Verdict, reason: Reason | None) -> None:
    shown = Reading(
        verdict=verdict, reason=reason, provider_code=status, our_reference=ATTEMPT, receipt=RECEIPT
    )
    assert webpay.read_status(told(status).body, 201) == shown
    assert webpay.read_status(told(status).body) == shown


def test_a_page_that_is_not_shown_says_nothing_about_the_money() -> None:
    unauthorised = webpay.read_status(error(401, 42).body, 401)
    assert (unauthorised.verdict, unauthorised.retryable) == (U, False)
    assert webpay.read_status(told("SUCCESS").body, 500).verdict is U
    assert webpay.read_status(wire({"status": 400, "message": "no"}).body).verdict is U


def test_a_notification_names_a_receipt_and_neither_order_nor_token() -> None:
    reading = webpay.read_notification(notice("SUCCESS"))
    assert reading == Reading(verdict=S, provider_code="SUCCESS", receipt=RECEIPT)
    assert webpay.read_notification(notice("FAILED")).verdict is R


def test_a_notification_without_a_status_cannot_be_read() -> None:
    assert webpay.read_notification(notice(None)) == UNREADABLE
    assert webpay.read_notification(b"<html>") == UNREADABLE


def test_a_pay_token_of_the_core_api_waits() -> None:
    reading = core_api.read_init(wire({"message": "ok", "data": {"payToken": CORE_TOKEN}}).body)
    assert (reading.verdict, reading.provider_reference) == (P, CORE_TOKEN)
    assert core_api.read_init(b'{"data": {}}') == UNREADABLE


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        ("PENDING", P, None),
        ("INITIATED", P, None),
        ("SUCCESSFULL", S, None),
        ("SUCCESSFUL", S, None),
        ("SUCCESS", S, None),
        ("FAILED", R, Reason.DECLINED),
        ("CANCELLED", R, Reason.PAYER_CANCELLED),
        ("EXPIRED", R, Reason.PROMPT_EXPIRED),
        ("ODD", U, Reason.PROVIDER_ERROR),
    ],
)
def test_a_payment_of_the_core_api_is_read_by_its_status(
    status: str, verdict: Verdict, reason: Reason | None
) -> None:
    reading = core_api.read_status(core(status).body)
    assert (reading.verdict, reading.reason) == (verdict, reason)
    assert (reading.amount, reading.our_reference) == (Money(1000, "XAF"), "ORDER-42")
    assert (reading.provider_reference, reading.receipt) == (CORE_TOKEN, "MP201121.1708.C44634")


def test_an_acknowledgement_of_the_core_api_is_never_payment() -> None:
    assert core_api.read_pay(core("PENDING").body).verdict is P
    assert core_api.read_pay(core("SUCCESSFULL").body).verdict is U


def test_a_failure_comes_as_400_with_its_code_and_the_payment_in_one_answer() -> None:
    failed = core("FAILED", LACKS, 400, inittxnstatus="60019")
    for read in (core_api.read_pay, core_api.read_status):
        reading = read(failed.body, 400)
        assert (reading.verdict, reading.reason) == (R, Reason.INSUFFICIENT_FUNDS)
        assert (reading.provider_code, reading.provider_message) == ("60019", LACKS)
    as_error = read_error(failed.body, 400)
    assert (as_error.verdict, as_error.reason) == (R, Reason.INSUFFICIENT_FUNDS)


@pytest.mark.parametrize("status", [408, 500, 503])
def test_a_failure_in_an_answer_that_gave_up_is_unknown(status: int) -> None:
    failed = core("FAILED", LACKS, status, inittxnstatus="60019")
    for read in (core_api.read_pay, core_api.read_status):
        assert read(failed.body, status).verdict is U


def test_a_success_in_a_refused_answer_or_in_an_amount_nobody_can_read_is_not_settled() -> None:
    assert core_api.read_status(core("SUCCESSFULL", http=500).body, 500).verdict is U
    assert core_api.read_status(core("SUCCESSFULL", amount="x").body) == UNREADABLE


def test_a_payment_that_was_never_started_is_not_found() -> None:
    reading = core_api.read_status(core(None, inittxnstatus=None).body)
    assert (reading.verdict, reading.reason) == (U, Reason.NOT_FOUND)
    assert reading.provider_reference == CORE_TOKEN


@pytest.mark.parametrize(
    ("answer", "verdict", "reason", "retryable", "code"),
    [
        (error(400, 1204), U, Reason.DUPLICATE, False, "1204"),
        (error(200, "1204"), U, Reason.DUPLICATE, False, "1204"),
        (error(400, 1200), R, Reason.BAD_REQUEST, False, "1200"),
        (error(401, 42), R, Reason.CREDENTIALS, True, "42"),
        (error(403, 50), R, Reason.CONFIGURATION, False, "50"),
        (error(404, 60), R, Reason.CONFIGURATION, False, "60"),
        (error(429, 53), R, Reason.RATE_LIMITED, True, "53"),
        (error(500, 1), U, Reason.PROVIDER_ERROR, False, "1"),
        (error(503, 5), U, Reason.MAINTENANCE, False, "5"),
        (wire({"error": "invalid_client"}, 401), R, Reason.CREDENTIALS, False, "invalid_client"),
        (wire({"fault": {"code": 900901, "message": "Invalid Credentials"}}, 401),
         R, Reason.CREDENTIALS, True, "900901"),
        (wire({"fault": {"code": 900802, "message": "Message throttled out"}}, 429),
         R, Reason.RATE_LIMITED, True, "900802"),
        (wire({"fault": {"code": 900800, "message": "Throttled"}}, 503),
         U, Reason.MAINTENANCE, False, "900800"),
        (wire({"fault": {"code": 900901, "message": "Invalid Credentials"}}, 500),
         U, Reason.PROVIDER_ERROR, False, "900901"),
        (wire({"error": "invalid_client"}, 408), U, Reason.PROVIDER_ERROR, False, "invalid_client"),
        (core("FAILED", LACKS, 502), U, Reason.PROVIDER_ERROR, False, "60019"),
        (wire({"message": "Invalid payToken supplied"}, 500),
         U, Reason.PROVIDER_ERROR, False, None),
        (wire({"message": "No mp found for input pay token"}, 404),
         U, Reason.NOT_FOUND, False, None),
        (wire({"message": "Invalid payToken supplied"}, 400), R, Reason.BAD_REQUEST, False, None),
        (wire({"message": "60042 :: Echec"}, 400), U, Reason.PROVIDER_ERROR, False, "60042"),
        (wire({"message": LACKS}, 417), U, Reason.PROVIDER_ERROR, False, "60019"),
        (wire({"message": "odd"}, 404), U, Reason.PROVIDER_ERROR, False, None),
        (wire({"message": "wrong pin"}, 403), R, Reason.CONFIGURATION, False, None),
    ],
)  # fmt: skip
def test_an_error_is_read_by_code_then_status_in_every_shape(
    answer: Any, verdict: Verdict, reason: Reason, retryable: bool, code: str | None
) -> None:
    reading = read_error(answer.body, answer.status)
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, retryable)
    assert reading.provider_code == code


def test_a_number_in_an_error_is_masked() -> None:
    body = json.dumps({"code": 1, "message": "237690000001 unknown"}).encode()
    assert read_error(body, 400).provider_message == "*********001 unknown"
