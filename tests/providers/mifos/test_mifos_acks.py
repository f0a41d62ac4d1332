"""HTTP 200 is not a booking: only the loan's status, or the transaction's id, is."""

from typing import Any

import pytest

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.mifos.system import SYSTEM
from tests.providers.sheets.mifos import EXTERNAL, PARKED, booked, disbursed, envelope, wire

ACKS = ("disburse_ack", "repayment_ack", "deposit_ack")


def read(message: str, body: Any, status: int = 200) -> Reading:
    """What that message says."""
    return SYSTEM.messages[message](body if isinstance(body, bytes) else wire(body), status)


def test_a_disbursement_is_settled_by_the_loans_new_status() -> None:
    reading = read("disburse_ack", disbursed())
    assert (reading.verdict, reading.reason) == (Verdict.SETTLED, None)
    assert reading.amount == Money(1_000_000, "KES")
    assert (reading.our_reference, reading.provider_reference) == (EXTERNAL, "22")
    assert reading.receipt == "TKL3XYZ9AB"


def test_an_old_server_names_no_transaction() -> None:
    old = {key: value for key, value in disbursed().items() if not key.startswith("sub")}
    reading = read("disburse_ack", old)
    assert (reading.verdict, reading.provider_reference) == (Verdict.SETTLED, None)


@pytest.mark.parametrize(
    "changes", [{}, {"status": {"id": 200}}, {"status": None}, {"status": {"id": "3 00"}}]
)
def test_200_without_status_300_is_unknown(changes: dict[str, Any]) -> None:
    reading = read("disburse_ack", disbursed(changes=changes))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.PROVIDER_ERROR)


@pytest.mark.parametrize("message", ACKS)
def test_a_parked_command_waits_and_names_what_a_checker_approves(message: str) -> None:
    reading = read(message, PARKED)
    assert (reading.verdict, reading.reason) == (Verdict.PENDING, Reason.PARKED)
    assert reading.provider_reference == "41"


def test_a_parked_command_is_never_settled_whatever_else_it_says() -> None:
    assert read("disburse_ack", disbursed(rollbackTransaction=True)).verdict is Verdict.PENDING
    assert read("repayment_ack", booked(rollbackTransaction="true")).verdict is Verdict.PENDING


@pytest.mark.parametrize(
    ("message", "body"),
    [("repayment_ack", booked()), ("deposit_ack", booked("savingsId", 7))],
)
def test_a_transaction_is_settled_by_its_id(message: str, body: dict[str, Any]) -> None:
    reading = read(message, body)
    assert (reading.verdict, reading.provider_reference) == (Verdict.SETTLED, "564")
    assert (reading.amount, reading.receipt) == (Money(1_000_000, "KES"), "TKL3XYZ9AB")


def test_a_transaction_of_no_account_is_unknown() -> None:
    nobody = {key: value for key, value in booked().items() if key != "loanId"}
    assert read("repayment_ack", nobody).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize("amount", [[], "1,000", "10000.005", -5, {"a": 1}])
def test_a_success_whose_amount_cannot_be_read_is_unreadable(amount: object) -> None:
    reading = read("repayment_ack", booked(changes={"transactionAmount": amount}))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.UNREADABLE)


@pytest.mark.parametrize("message", ACKS)
@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"note":1}'])
def test_what_says_nothing_is_unreadable(message: str, body: bytes) -> None:
    reading = read(message, body)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.UNREADABLE)


@pytest.mark.parametrize("message", ACKS)
def test_an_error_is_read_as_one_even_where_no_status_is_known(message: str) -> None:
    body = envelope(403, "validation.msg.domain.rule.violation", detail="error.msg.x.future.date")
    assert read(message, body) == read(message, body, 403)
    assert read(message, body).reason is Reason.DATE_REFUSED


@pytest.mark.parametrize("message", ACKS)
def test_nothing_is_booked_on_what_is_not_there(message: str) -> None:
    body = envelope(404, "error.msg.resource.not.found", detail="error.msg.loan.id.invalid")
    refused, asked = read(message, body, 404), read("error", body, 404)
    assert (refused.verdict, refused.reason) == (Verdict.REFUSED, Reason.NOT_FOUND)
    assert (asked.verdict, asked.reason) == (Verdict.UNKNOWN, Reason.NOT_FOUND)
