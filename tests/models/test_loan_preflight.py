"""What stands against paying an approved loan, one fact at a time."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.lender_calendar import Access, Calendar
from models.lending import LoanTransaction
from models.loan import ParkReason
from models.loan_preflight import LoanFacts, ProductRule, kenyan_mobile, preflight
from models.money import Money
from tests.activities.lending_rows import a_client, a_loan

TODAY = date(2026, 11, 23)  # a Monday


def facts(**changes: Any) -> LoanFacts:
    plain = LoanFacts(
        loan=a_loan(),
        client=a_client(),
        product=ProductRule(in_use=True, per_loan=5_000_000),
        calendar=Calendar(),
        access=Access(user_id=1, office_id=1, permissions=frozenset({"ALL_FUNCTIONS"})),
        waits=False,
        payment_type=26,
        today=TODAY,
    )
    return replace(plain, **changes)


def loan(**changes: Any) -> LoanFacts:
    return facts(loan=a_loan(**changes))


def kes(minor: int) -> Money:
    return Money(minor, "KES")


P = ParkReason
PARKED: dict[str, tuple[LoanFacts, ParkReason]] = {
    "another currency": (loan(currency="UGX"), P.CURRENCY),
    "cents": (loan(net_disbursal=kes(950_050)), P.CENTS),
    "an amount nobody can read": (loan(net_disbursal=None, approved_principal=None), P.CENTS),
    "too little for M-Pesa": (loan(net_disbursal=kes(900)), P.LIMITS),
    "too much for M-Pesa": (
        loan(net_disbursal=kes(25_000_100), approved_principal=kes(26_000_000)),
        P.LIMITS,
    ),
    "more than was approved": (loan(net_disbursal=kes(1_000_100)), P.LIMITS),
    "above the product's limit": (
        facts(product=ProductRule(in_use=True, per_loan=900_000)),
        P.LIMITS,
    ),
    "paid in parts": (loan(multi_disburse=True), P.MULTI_TRANCHE),
    "two tranches": (loan(tranches=2), P.MULTI_TRANCHE),
    "pays off another loan": (loan(top_up=True), P.TOP_UP_LOAN),
    "a product not enabled": (facts(product=ProductRule(in_use=False)), P.PRODUCT),
    "a product unheard of": (facts(product=None), P.PRODUCT),
    "an inactive client": (facts(client=a_client(active=False)), P.CLIENT),
    "no client": (facts(client=None), P.CLIENT),
    "no number": (facts(client=a_client(mobile=None)), P.PHONE),
    "a foreign number": (facts(client=a_client(mobile="+256772000001")), P.PHONE),
    "a holiday": (facts(calendar=Calendar(holidays=((TODAY, TODAY),))), P.MIFOS_CALENDAR),
    "a closed day": (facts(calendar=Calendar(working_days=frozenset({5}))), P.MIFOS_CALENDAR),
    "a business date behind": (
        facts(calendar=Calendar(business_date=date(2026, 11, 20))),
        P.MIFOS_CALENDAR,
    ),
    "approved tomorrow": (loan(approved_on=date(2026, 11, 24)), P.MIFOS_CALENDAR),
    "a repayment due before": (loan(first_repayment_on=date(2026, 11, 22)), P.MIFOS_CALENDAR),
    "a user who may not": (
        facts(access=Access(user_id=1, office_id=1, permissions=frozenset({"READ_LOAN"}))),
        P.CREDENTIALS,
    ),
    "a checker who must approve": (facts(waits=True), P.CREDENTIALS),
    "no payment type": (facts(payment_type=None), P.CREDENTIALS),
}


@pytest.mark.parametrize("name", PARKED)
def test_it_waits_for(name: str) -> None:
    given, reason = PARKED[name]
    assert preflight(given).parks is reason


def test_the_client_gets_the_net_amount_and_the_books_the_principal() -> None:
    found = preflight(facts()).payable
    assert found is not None
    assert (found.amount, found.principal) == (kes(950_000), kes(1_000_000))
    assert (found.phone, found.day) == ("254712000001", TODAY)


def test_without_a_net_amount_the_client_gets_the_principal() -> None:
    found = preflight(loan(net_disbursal=None)).payable
    assert found is not None
    assert found.amount == kes(1_000_000)


@pytest.mark.parametrize("status", [100, 300, 400, 500, 600, 700])
def test_a_loan_that_is_not_approved_is_let_go(status: int) -> None:
    assert preflight(loan(status=status)).rejects == "loan_not_approved"


def test_a_loan_with_a_disbursement_that_stands_is_let_go() -> None:
    given = LoanTransaction(id=1, kind="disbursement", amount=kes(1), on=TODAY)
    assert preflight(loan(transactions=(given,))).rejects == "loan_not_approved"


def test_a_loan_that_is_gone_is_let_go() -> None:
    assert preflight(facts(loan=None)).rejects == "loan_not_found"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0712 000 001", "254712000001"),
        ("+254 (712) 000-001", "254712000001"),
        ("254112000001", "254112000001"),
        ("712000001", "254712000001"),
        ("0812000001", None),
        ("07120000011", None),
        ("07l2000001", None),
        ("", None),
        (None, None),
    ],
)
def test_numbers_are_read_as_people_write_them(written: str | None, read: str | None) -> None:
    assert kenyan_mobile(written) == read
