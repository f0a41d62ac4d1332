"""Every code of MTN's tables means what MAPPINGS.md says."""

import pytest

from models.reading import Reason, Verdict
from providers.momo.errors import read_error
from providers.momo.status import callback_reader, status_reader
from tests.providers.sheets.momo import error, operation

R, U = Verdict.REFUSED, Verdict.UNKNOWN
read_status, read_callback = status_reader(), callback_reader()

REASONS = [
    ("APPROVAL_REJECTED", Reason.PAYER_CANCELLED),
    ("EXPIRED", Reason.PROMPT_EXPIRED),
    ("COULD_NOT_PERFORM_TRANSACTION", Reason.PROMPT_EXPIRED),
    ("NOT_ENOUGH_FUNDS", Reason.INSUFFICIENT_FUNDS),
    ("PAYER_LIMIT_REACHED", Reason.LIMIT_EXCEEDED),
    ("PAYEE_LIMIT_REACHED", Reason.LIMIT_EXCEEDED),
    ("PAYER_NOT_FOUND", Reason.PAYER_NOT_FOUND),
    ("PAYEE_NOT_FOUND", Reason.PAYEE_NOT_FOUND),
    ("PAYEE_NOT_ALLOWED_TO_RECEIVE", Reason.NOT_ALLOWED),
    ("NOT_ALLOWED", Reason.NOT_ALLOWED),
    ("TRANSACTION_CANCELED", Reason.PAYER_CANCELLED),
    ("PAYMENT_NOT_APPROVED", Reason.PAYER_CANCELLED),
    ("TRANSFER_TYPE_UNKNOWN", Reason.CONFIGURATION),
    ("INTERNAL_PROCESSING_ERROR", Reason.PROVIDER_ERROR),
    ("SERVICE_UNAVAILABLE", Reason.MAINTENANCE),
    ("SOMETHING_NEW", Reason.DECLINED),
]


@pytest.mark.parametrize(("code", "reason"), REASONS)
def test_failed_is_final_and_its_reason_reads_the_same_as_text_and_as_object(
    code: str, reason: Reason
) -> None:
    plain = read_status(operation("FAILED", reason=code))
    rich = read_callback(operation("FAILED", reason={"code": code, "message": "why"}))
    assert (plain.verdict, plain.retryable, plain.reason) == (R, False, reason)
    assert (rich.verdict, rich.reason) == (R, reason)
    assert (plain.provider_code, rich.provider_code) == (code, code)
    assert (plain.provider_message, rich.provider_message) == (None, "why")


@pytest.mark.parametrize("reason", [None, "", {}, [], 7, {"code": None}])
def test_failed_without_a_reason_is_declined(reason: object) -> None:
    reading = read_status(operation("FAILED", reason=reason))
    assert (reading.verdict, reading.reason) == (R, Reason.DECLINED)
    assert reading.provider_code == "FAILED"


ERRORS = [
    (400, None, "Malformed", R, Reason.BAD_REQUEST, False),
    (400, "INVALID_CURRENCY", "said", R, Reason.CONFIGURATION, False),
    (400, "INVALID_CALLBACK_URL_HOST", "said", R, Reason.CONFIGURATION, False),
    (401, None, "Access denied due to invalid subscription key.", R, Reason.CREDENTIALS, False),
    (401, None, "Unauthorized", R, Reason.CREDENTIALS, True),
    (403, "FORBIDDEN_IP", "Authorization failed. IP", R, Reason.CONFIGURATION, False),
    (403, None, "Forbidden", R, Reason.CONFIGURATION, False),
    (404, "RESOURCE_NOT_FOUND", "Requested resource", U, Reason.NOT_FOUND, False),
    (404, None, "Resource not found", U, Reason.CONFIGURATION, False),
    (404, "PAYER_NOT_FOUND", "said", R, Reason.PAYER_NOT_FOUND, False),
    (409, "RESOURCE_ALREADY_EXIST", "Duplicated", U, Reason.DUPLICATE, False),
    (429, None, "Rate limit is exceeded", R, Reason.RATE_LIMITED, True),
    (500, "NOT_ALLOWED_TARGET_ENVIRONMENT", "said", R, Reason.CONFIGURATION, False),
    (500, "login_failed", "said", R, Reason.CREDENTIALS, False),
    (500, "INVALID_CALLBACK_URL_HOST", "said", R, Reason.CONFIGURATION, False),
    (500, "INVALID_CURRENCY", "said", R, Reason.CONFIGURATION, False),
    (500, "INTERNAL_PROCESSING_ERROR", "said", U, Reason.PROVIDER_ERROR, False),
    (500, None, "said", U, Reason.PROVIDER_ERROR, False),
    (500, "PAYER_NOT_FOUND", "said", U, Reason.PROVIDER_ERROR, False),
    (503, "SERVICE_UNAVAILABLE", "said", R, Reason.MAINTENANCE, True),
    (503, "SOMETHING_NEW", "said", U, Reason.PROVIDER_ERROR, False),
    (502, "SERVICE_UNAVAILABLE", "said", U, Reason.PROVIDER_ERROR, False),
    (408, None, "said", U, Reason.PROVIDER_ERROR, False),
]


@pytest.mark.parametrize(("status", "code", "text", "verdict", "reason", "again"), ERRORS)
def test_an_error_is_classified_on_status_code_and_message(
    *, status: int, code: str | None, text: str, verdict: Verdict, reason: Reason, again: bool
) -> None:
    wire = error(status, code, text)
    reading = read_error(wire.body, wire.status)
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, again)
    assert (reading.provider_code, reading.provider_message) == (code, text)
    asked = read_status(wire.body, wire.status)
    assert (asked.verdict, asked.retryable, asked.reason) == (U, False, reason)


@pytest.mark.parametrize(
    ("status", "verdict", "again"), [(401, R, True), (409, U, False), (429, R, True)]
)
def test_some_statuses_need_no_body(status: int, verdict: Verdict, again: bool) -> None:
    for body in (b"", b"<html>no</html>"):
        reading = read_error(body, status)
        assert (reading.verdict, reading.retryable) == (verdict, again)


@pytest.mark.parametrize("status", [200, 400, 403, 404, 500, 502, 503])
def test_other_statuses_do(status: int) -> None:
    assert read_error(b"", status).reason is Reason.UNREADABLE
