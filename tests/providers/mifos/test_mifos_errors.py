"""Every class of error of the contract, on status and code together."""

import pytest

from models.reading import Reason, Verdict
from providers.mifos.errors import read_error
from tests.providers.sheets.mifos import envelope, wire

R, U = Verdict.REFUSED, Verdict.UNKNOWN
INVALID, RULE = "validation.msg.validation.errors.exist", "validation.msg.domain.rule.violation"
STATE = "error.msg.loan.disbursal.account.is.not.approve.not.disbursed.state"
UNIQUE = "validation.msg.loan.transaction.externalId.value.must.be.unique"
ERRORS = [
    (400, INVALID, "validation.msg.invalid.dateFormat.format", R, Reason.BAD_REQUEST, False),
    (400, INVALID, "validation.msg.missing.locale.parameter", R, Reason.BAD_REQUEST, False),
    (400, "error.msg.parameter.unsupported", None, R, Reason.BAD_REQUEST, False),
    (400, INVALID, STATE, U, Reason.DUPLICATE, False),
    (400, INVALID, UNIQUE, U, Reason.DUPLICATE, False),
    (400, INVALID, "error.msg.loan.repayment.account.is.not.active", R, Reason.NOT_ALLOWED, False),
    (401, "error.msg.not.authenticated", None, R, Reason.CREDENTIALS, False),
    (401, "error.msg.invalid.tenant.identifier", None, R, Reason.CREDENTIALS, False),
    (403, "error.msg.not.authorized", None, R, Reason.CREDENTIALS, False),
    (403, RULE, "error.msg.loan.disbursal.cannot.be.a.future.date", R, Reason.DATE_REFUSED, False),
    (403, RULE, "error.msg.loan.disbursal.cannot.be.before.approval.date", R,
     Reason.DATE_REFUSED, False),
    (403, RULE, "error.msg.loan.disbursement.date.on.holiday", R, Reason.DATE_REFUSED, False),
    (403, RULE, "error.msg.loan.disbursement.date.on.nonworking.day", R,
     Reason.DATE_REFUSED, False),
    (403, RULE, "error.msg.loan.disbursal.amount.can't.be.greater.than.x", R,
     Reason.LIMIT_EXCEEDED, False),
    (403, RULE, "error.msg.some.other.rule", R, Reason.NOT_ALLOWED, False),
    (403, "error.msg.unknown.data.integrity.issue", None, U, Reason.DUPLICATE, False),
    (404, "error.msg.resource.not.found", "error.msg.loan.id.invalid", U, Reason.NOT_FOUND, False),
    (405, "error.msg.instance.mode", None, R, Reason.CONFIGURATION, False),
    (409, "error.msg.loan.locked", None, R, Reason.LOCKED, True),
    (409, "error.msg.platform.service.conflict", None, R, Reason.LOCKED, True),
    (409, "error.msg.something.new", None, U, Reason.PROVIDER_ERROR, False),
    (425, "error.msg.idempotency.command.under.processing", None, R, Reason.IN_PROGRESS, True),
    (429, "too.many", None, R, Reason.RATE_LIMITED, True),
    (500, "error.msg.platform.server.side.error", None, U, Reason.PROVIDER_ERROR, False),
    (500, INVALID, UNIQUE, U, Reason.PROVIDER_ERROR, False),
    (503, "error.msg.x", None, U, Reason.MAINTENANCE, False),
]  # fmt: skip


@pytest.mark.parametrize(("status", "code", "detail", "verdict", "reason", "again"), ERRORS)
def test_an_error_is_classified_on_status_and_code(
    *, status: int, code: str, detail: str | None, verdict: Verdict, reason: Reason, again: bool
) -> None:
    body = envelope(status, code, detail=detail)
    reading = read_error(body, status)
    assert (reading.verdict, reading.reason, reading.retryable) == (verdict, reason, again)
    assert (reading.provider_code, reading.provider_message) == (detail or code, "said")
    assert read_error(body) == reading


def test_an_integrity_error_is_known_by_the_text_of_its_class() -> None:
    said = "The request caused a data integrity issue to be fired by the database."
    reading = read_error(envelope(403, "error.msg.loan.x", said=said), 403)
    assert (reading.verdict, reading.reason) == (U, Reason.DUPLICATE)


@pytest.mark.parametrize(
    ("status", "verdict", "again"), [(401, R, False), (425, R, True), (429, R, True)]
)
def test_some_statuses_need_no_body(status: int, verdict: Verdict, again: bool) -> None:
    for body in (b"", b"<html>no</html>"):
        reading = read_error(body, status)
        assert (reading.verdict, reading.retryable) == (verdict, again)


@pytest.mark.parametrize("status", [200, 400, 403, 404, 409, 500, 502])
def test_other_statuses_do(status: int) -> None:
    assert read_error(b"<html>", status).reason is Reason.UNREADABLE


def test_phone_numbers_in_what_it_says_are_masked() -> None:
    body = envelope(400, INVALID, detail="x", said="mobileNo 254712000001 is taken")
    assert read_error(body, 400).provider_message == "mobileNo *********001 is taken"


def test_one_unique_violation_among_others_decides() -> None:
    errors = [{"userMessageGlobalisationCode": code} for code in ("validation.msg.x", UNIQUE)]
    reading = read_error(wire({"httpStatusCode": "400", "errors": errors}), 400)
    assert (reading.verdict, reading.reason) == (U, Reason.DUPLICATE)
