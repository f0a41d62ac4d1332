"""What the books themselves say: the proof that is looked for after any answer."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.lending import Loan
from models.money import Money
from models.reading import Reason, Verdict
from providers.mifos import records
from providers.mifos.proof import disbursement_in, loan_reader, transaction_in
from providers.wire import parse
from tests.providers.sheets.mifos import DISBURSEMENT, EXTERNAL, REPAYMENT, a_loan, line, wire

read_loan = loan_reader()


def read(shown: dict[str, Any]) -> Loan:
    """A loan that has an id."""
    loan = records.loan(parse(wire(shown)) or {})
    assert loan
    return loan


def test_a_loan_is_read_with_amounts_dates_and_flags() -> None:
    loan = read(a_loan(200, isTopup=True, multiDisburseLoan=False))
    assert (loan.id, loan.account_no, loan.external_id) == (1, "000000001", "LN-1")
    assert (loan.client_id, loan.product_id, loan.office_id) == (3, 4, 2)
    assert loan.approved_principal == Money(1_000_000, "KES")
    assert loan.net_disbursal == Money(950_050, "KES")
    assert loan.approved_on == date(2026, 11, 2)
    assert loan.expected_disbursement_on == date(2026, 11, 3)
    assert (loan.top_up, loan.multi_disburse) == (True, False)
    assert "Amina" not in repr(loan)


def test_an_amount_no_currency_of_ours_carries_is_none() -> None:
    rupees = a_loan(currency={"code": "INR", "decimalPlaces": 2})
    cents = a_loan(approvedPrincipal=10000.005)
    assert read(rupees).approved_principal is None
    assert read(rupees).currency == "INR"
    assert read(cents).approved_principal is None


def test_transactions_not_asked_for_are_not_no_transactions() -> None:
    basic = {key: value for key, value in a_loan().items() if key != "transactions"}
    assert read(basic).transactions is None
    assert read(a_loan()).transactions == ()


def test_what_is_due_next_is_the_first_instalment_that_is_open() -> None:
    periods = [
        {"dueDate": [2026, 11, 21], "principalDisbursed": 10000},
        {"period": 1, "dueDate": [2026, 12, 21], "complete": True, "totalDueForPeriod": 5000},
        {"period": 2, "dueDate": [2027, 1, 21], "totalOutstandingForPeriod": 5250.5},
    ]
    loan = read(a_loan(repaymentSchedule={"periods": periods}))
    assert loan.first_repayment_on == date(2026, 12, 21)
    assert loan.schedule.next_due_on == date(2027, 1, 21)
    assert loan.schedule.next_due == Money(525_050, "KES")


@pytest.mark.parametrize(
    ("shown", "verdict", "reason"),
    [
        (a_loan(100), Verdict.PENDING, None),
        (a_loan(200), Verdict.PENDING, None),
        (a_loan(300, line()), Verdict.SETTLED, None),
        (a_loan(600, line()), Verdict.SETTLED, None),
        (a_loan(700, line()), Verdict.SETTLED, None),
        (a_loan(300), Verdict.UNKNOWN, Reason.NOT_FOUND),
        (a_loan(300, line(manuallyReversed=True)), Verdict.UNKNOWN, Reason.NOT_FOUND),
        (a_loan(200, line(manuallyReversed=True)), Verdict.PENDING, None),
        (a_loan(200, line()), Verdict.UNKNOWN, Reason.MISMATCH),
        (a_loan(400), Verdict.REFUSED, Reason.DECLINED),
        (a_loan(500), Verdict.REFUSED, Reason.DECLINED),
        (a_loan(999), Verdict.UNKNOWN, Reason.MISMATCH),
    ],
)
def test_a_loan_is_given_out_by_status_and_a_transaction_that_stands(
    shown: dict[str, Any], verdict: Verdict, reason: Reason | None
) -> None:
    reading = read_loan(wire(shown))
    assert (reading.verdict, reading.reason) == (verdict, reason)
    assert reading.provider_reference == "1"


def test_a_given_out_loan_shows_amount_receipt_and_our_name_for_it() -> None:
    reading = read_loan(wire(a_loan(300, line(amount="9999.50"))))
    assert reading.amount == Money(999_950, "KES")
    assert (reading.our_reference, reading.receipt) == (EXTERNAL, "TKL3XYZ9AB")


def test_our_own_disbursement_is_found_by_its_external_id() -> None:
    reading = disbursement_in(read(a_loan(300, line())), DISBURSEMENT)
    assert (reading.verdict, reading.provider_reference) == (Verdict.SETTLED, "22")


def test_where_no_external_id_is_kept_the_receipt_finds_it() -> None:
    old = line()
    del old["externalId"]
    assert disbursement_in(read(a_loan(300, old)), DISBURSEMENT).verdict is Verdict.SETTLED


@pytest.mark.parametrize(
    ("shown", "reason"),
    [
        (a_loan(200), Reason.NOT_FOUND),
        (a_loan(200, line(manuallyReversed=True)), Reason.NOT_FOUND),
        (a_loan(300, line(amount=9999)), Reason.MISMATCH),
        (a_loan(300, line(), id=2), Reason.MISMATCH),
        (a_loan(300, line(externalId="somebody-else")), Reason.DUPLICATE),
        (a_loan(300), Reason.DUPLICATE),
    ],
)
def test_anything_else_leaves_it_unknown_and_says_why(
    shown: dict[str, Any], reason: Reason
) -> None:
    reading = disbursement_in(read(shown), DISBURSEMENT)
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, reason)


def test_a_repayment_taken_back_is_not_one_that_never_came() -> None:
    code = {"code": "loanTransactionType.repayment"}
    stands, gone = line(type=code), line(type=code, manuallyReversed=True)

    def said(*lines: dict[str, Any]) -> tuple[Verdict | None, Reason | None]:
        loan = read(a_loan(300, *lines))
        reading = transaction_in(loan.transactions or (), REPAYMENT, kind="repayment")
        return reading.verdict, reading.reason

    assert said(stands) == (Verdict.SETTLED, None)
    assert said(gone, stands) == (Verdict.SETTLED, None)
    assert said(gone) == (Verdict.UNKNOWN, Reason.MISMATCH)
    assert said() == (Verdict.UNKNOWN, Reason.NOT_FOUND)
    assert said(line()) == (Verdict.UNKNOWN, Reason.MISMATCH)


def test_a_receipt_that_is_not_told_matches_nothing() -> None:
    silent = line()
    silent |= {"externalId": None, "paymentDetailData": {}}
    order = replace(DISBURSEMENT, receipt="")
    assert disbursement_in(read(a_loan(300, silent)), order).reason is Reason.DUPLICATE
