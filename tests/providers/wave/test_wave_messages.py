"""Wave's messages in the shapes they come in: two statuses, two shapes of error."""

import json
from typing import Any

import pytest

from models.ids import ATTEMPT as PREFIX
from models.ids import parsed
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.readings import UNREADABLE
from providers.wave.errors import read_error
from providers.wave.payout import read_payout
from providers.wave.provider import attempt_in
from providers.wave.session import read_session, read_webhook
from tests.providers.sheets.wave import (
    ATTEMPT,
    ORDER,
    PAGE,
    PAID,
    PAYOUT,
    SESSION,
    TRY_FAILED,
    a_payout,
    a_session,
    event,
)

P, S, R, U = Verdict.PENDING, Verdict.SETTLED, Verdict.REFUSED, Verdict.UNKNOWN


def body(message: Any) -> bytes:
    return json.dumps(message).encode()


def test_a_paid_session_gives_amount_references_and_receipt() -> None:
    assert read_session(body(PAID)) == Reading(
        verdict=S,
        provider_code="succeeded",
        amount=Money(1500, "XOF"),
        our_reference=ATTEMPT,
        provider_reference=SESSION,
        receipt="TCN4Y4ZC3FM",
        redirect_url=PAGE,
    )


@pytest.mark.parametrize(
    ("checkout", "payment", "verdict", "reason"),
    [
        ("open", "processing", P, None),
        ("open", "cancelled", P, None),
        ("complete", "succeeded", S, None),
        ("complete", "cancelled", R, Reason.DECLINED),
        ("expired", "processing", R, Reason.PROMPT_EXPIRED),
        ("expired", "cancelled", R, Reason.PROMPT_EXPIRED),
        ("expired", "succeeded", U, Reason.PROVIDER_ERROR),
        ("open", "succeeded", U, Reason.PROVIDER_ERROR),
        ("complete", "processing", U, Reason.PROVIDER_ERROR),
        ("complete", None, U, Reason.PROVIDER_ERROR),
        ("closed", "succeeded", U, Reason.PROVIDER_ERROR),
    ],
)
def test_two_statuses_are_read_together(
    checkout: str, payment: str | None, verdict: Verdict, reason: Reason | None
) -> None:
    reading = read_session(body(a_session(checkout, payment or "")))
    assert (reading.verdict, reading.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("insufficient-funds", Reason.INSUFFICIENT_FUNDS),
        ("kyb-limits-exceeded", Reason.LIMIT_EXCEEDED),
        ("blocked-account", Reason.NOT_ALLOWED),
        ("payer-mobile-mismatch", Reason.NOT_ALLOWED),
        ("payment-failure", Reason.DECLINED),
        ("new-code", Reason.DECLINED),
    ],
)
def test_the_last_error_says_why_a_session_was_refused(code: str, reason: Reason) -> None:
    error = {"code": code, "message": "call +221771234567"}
    reading = read_session(body(a_session("complete", "cancelled", last_payment_error=error)))
    assert (reading.reason, reading.provider_code) == (reason, code)
    assert reading.provider_message == "call +*********567"


def test_a_failed_try_leaves_the_session_open() -> None:
    reading = read_webhook(event(TRY_FAILED, "checkout.session.payment_failed"))
    assert (reading.verdict, reading.reason) == (P, Reason.DECLINED)
    bare = read_webhook(event({"id": SESSION}, "checkout.session.payment_failed"))
    assert bare.verdict is P


def test_an_expired_session_is_refused_although_its_event_says_failed() -> None:
    ended = a_session("expired", "cancelled")
    assert read_webhook(event(ended, "checkout.session.payment_failed")).verdict is R


def test_money_outside_a_session_is_told_as_it_is() -> None:
    data = {"id": "T_46HS", "amount": "500", "fee": "5", "currency": "XOF"}
    reading = read_webhook(event(data, "merchant.payment_received"))
    assert (reading.verdict, reading.amount, reading.receipt) == (S, Money(500, "XOF"), "T_46HS")
    assert read_webhook(event(data, "b2b.payment_failed")).verdict is R


def test_a_test_event_says_nothing_and_an_unknown_one_is_unknown() -> None:
    assert read_webhook(event({}, "test.test_event")).verdict is None
    assert read_webhook(event({}, "checkout.refund.done")).verdict is U
    assert read_webhook(b"{}") == UNREADABLE


@pytest.mark.parametrize("page", ["http://pay.example/c", "javascript:alert(1)", None, 7])
def test_a_page_that_is_not_secure_is_not_shown_to_payers(page: Any) -> None:
    reading = read_session(body(a_session("open", "processing", wave_launch_url=page)))
    assert (reading.verdict, reading.redirect_url) == (P, None)


@pytest.mark.parametrize("changes", [{"amount": "15.5"}, {"amount": "x"}, {"currency": "QQQ"}])
def test_a_success_in_money_nobody_can_read_is_not_settled(changes: dict[str, Any]) -> None:
    assert read_session(body(PAID | changes)) == UNREADABLE


@pytest.mark.parametrize(
    ("status", "verdict", "reason"),
    [
        ("processing", P, None),
        ("succeeded", S, None),
        ("failed", R, Reason.DECLINED),
        ("reversed", R, Reason.REVERSED),
        ("odd", U, Reason.PROVIDER_ERROR),
    ],
)
def test_a_payout_is_read_by_its_status(
    status: str, verdict: Verdict, reason: Reason | None
) -> None:
    reading = read_payout(body(a_payout(status)))
    assert (reading.verdict, reading.reason) == (verdict, reason)
    assert (reading.our_reference, reading.provider_reference) == (ORDER.id, PAYOUT)
    assert reading.amount == Money(15_000, "XOF")


def test_a_failed_payout_says_why() -> None:
    failed = a_payout("failed", payout_error={"error_code": "recipient-limit-exceeded"})
    reading = read_payout(body(failed))
    assert (reading.reason, reading.provider_code) == (
        Reason.LIMIT_EXCEEDED,
        "recipient-limit-exceeded",
    )


@pytest.mark.parametrize(
    ("status", "code", "verdict", "reason", "retryable"),
    [
        (400, "request-validation-error", R, Reason.BAD_REQUEST, False),
        (400, "country-mismatch", R, Reason.CONFIGURATION, False),
        (401, "api-key-revoked", R, Reason.CREDENTIALS, False),
        (401, "odd", R, Reason.CREDENTIALS, False),
        (403, "unauthorized-wallet", R, Reason.CONFIGURATION, False),
        (404, "checkout-session-not-found", U, Reason.NOT_FOUND, False),
        (404, "odd", U, Reason.CONFIGURATION, False),
        (409, "idempotency-mismatch", U, Reason.DUPLICATE, False),
        (422, "insufficient-funds", R, Reason.INSUFFICIENT_FUNDS, False),
        (422, "recipient-account-blocked", R, Reason.NOT_ALLOWED, False),
        (422, "odd", U, Reason.PROVIDER_ERROR, False),
        (400, "odd", U, Reason.PROVIDER_ERROR, False),
        (408, "odd", U, Reason.PROVIDER_ERROR, False),
        (429, "odd", R, Reason.RATE_LIMITED, True),
        (408, "insufficient-funds", U, Reason.PROVIDER_ERROR, False),
        (500, "internal-server-error", U, Reason.PROVIDER_ERROR, False),
        (500, "disabled-wallet", U, Reason.PROVIDER_ERROR, False),
        (502, "request-validation-error", U, Reason.PROVIDER_ERROR, False),
        (503, "recipient-account-blocked", U, Reason.MAINTENANCE, False),
        (503, "service-unavailable", U, Reason.MAINTENANCE, False),
    ],
)
def test_an_error_is_read_by_code_then_status_in_both_its_shapes(
    status: int, code: str, verdict: Verdict, reason: Reason, retryable: bool
) -> None:
    bare = body({"code": code, "message": "said", "details": []})
    wrapped = body({"error": {"code": code, "message": "said", "httpcode": status}})
    for reading in (read_error(bare, status), read_error(wrapped)):
        told = reading.verdict, reading.reason, reading.retryable, reading.provider_code
        assert told == (verdict, reason, retryable, code)


def test_an_event_names_the_attempt_of_its_session() -> None:
    assert attempt_in(event(PAID)) == parsed(PREFIX, ATTEMPT)


@pytest.mark.parametrize("named", ["ORDER-42", None, 7, "att_x"])
def test_an_event_about_somebody_elses_session_names_nobody(named: Any) -> None:
    assert attempt_in(event(PAID | {"client_reference": named})) is None
    assert attempt_in(b"not json") is None
