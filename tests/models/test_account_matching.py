"""What payers type leads to one account, or to nobody."""

import hashlib
from dataclasses import replace

import pytest

from models.account_matching import (
    Candidates,
    Owner,
    TargetKind,
    Unmatched,
    matched,
    of_loan,
    of_savings,
    same_payer,
    shown_reference,
    typed,
)
from tests.workflows.collection_lender import a_borrower, a_loan, a_savings

PHONE = "254712000001"
LOAN, SAVINGS = a_loan(12), a_savings(40)
OWNER = Owner(client=a_borrower(3), loans=(of_loan(LOAN),))


def found(written: str, books: Candidates, payer: str | None = None) -> object:
    """The account's kind and id, or why there is none."""
    match = matched(typed(written), books, payer=payer, currency="KES")
    return (match.target.kind, match.target.id) if match.target else match.why


@pytest.mark.parametrize(
    "written", ["12", "000000012", " 0000-00012 ", "#12", "L12", "l 000012", "L-12"]
)
def test_a_loan_number_is_read_however_it_is_typed(written: str) -> None:
    assert found(written, Candidates(loans=(LOAN,))) == (TargetKind.LOAN, 12)


@pytest.mark.parametrize("written", ["S40", "s-000000040", "40"])
def test_a_savings_number_is_read_with_or_without_its_prefix(written: str) -> None:
    assert found(written, Candidates(savings=(SAVINGS,))) == (TargetKind.SAVINGS, 40)


def test_a_number_of_two_kinds_is_ambiguous_until_a_prefix_decides() -> None:
    both = Candidates(loans=(LOAN,), savings=(a_savings(12),))
    assert [found(written, both) for written in ("12", "L12", "S12")] == [
        Unmatched.AMBIGUOUS,
        (TargetKind.LOAN, 12),
        (TargetKind.SAVINGS, 12),
    ]


def test_a_prefix_does_not_fall_back_to_the_other_kind() -> None:
    assert found("S12", Candidates(loans=(LOAN,))) is Unmatched.NO_ACCOUNT


def test_the_lenders_own_name_for_an_account_counts() -> None:
    named = replace(LOAN, external_id="jane-2026/7")
    assert found("JANE 2026 7", Candidates(loans=(named,))) == (TargetKind.LOAN, 12)


def test_two_accounts_behind_one_name_are_nobodys() -> None:
    other = a_loan(99, external_id="12")
    assert found("12", Candidates(loans=(LOAN, other))) is Unmatched.AMBIGUOUS


def test_a_client_number_means_the_one_active_loan() -> None:
    assert found("3", Candidates(owners=(OWNER,))) == (TargetKind.LOAN, 12)


@pytest.mark.parametrize("loans", [(), (of_loan(LOAN), of_loan(a_loan(13)))])
def test_a_client_without_a_single_active_loan_is_left_to_people(loans: tuple[()]) -> None:
    assert found("3", Candidates(owners=(replace(OWNER, loans=loans),))) is Unmatched.NO_SINGLE_LOAN


def test_a_loan_and_its_own_client_of_one_number_are_no_contradiction() -> None:
    owner = Owner(client=a_borrower(12), loans=(of_loan(LOAN),))
    assert found("12", Candidates(loans=(LOAN,), owners=(owner,))) == (TargetKind.LOAN, 12)


def test_a_loan_and_another_client_of_one_number_are_ambiguous() -> None:
    owner = Owner(client=a_borrower(12), loans=(of_loan(a_loan(77)),))
    assert found("12", Candidates(loans=(LOAN,), owners=(owner,))) is Unmatched.AMBIGUOUS


@pytest.mark.parametrize("written", ["0712000001", "+254 712 000 001", "254712000001"])
def test_a_phone_typed_as_account_names_its_client(written: str) -> None:
    assert found(written, Candidates(owners=(OWNER,))) == (TargetKind.LOAN, 12)


@pytest.mark.parametrize("status", [100, 200, 600, 700])
def test_a_loan_that_is_not_active_takes_nothing(status: int) -> None:
    assert found("12", Candidates(loans=(a_loan(12, status),))) is Unmatched.NOT_ACTIVE


def test_a_closed_savings_account_takes_nothing() -> None:
    closed = of_savings(a_savings(40, active=False))
    assert not closed.active
    assert found("40", Candidates(savings=(a_savings(40, active=False),))) is Unmatched.NOT_ACTIVE


def test_an_account_of_another_currency_takes_nothing() -> None:
    assert found("12", Candidates(loans=(a_loan(12, currency="USD"),))) is Unmatched.CURRENCY


def test_a_payer_told_in_clear_or_hashed_is_known_and_a_masked_one_is_nobody() -> None:
    payers = Candidates(payers=(OWNER,))
    hashed = hashlib.sha256(PHONE.encode()).hexdigest()
    said = [found("school fees", payers, payer) for payer in (PHONE, hashed, "2547 ***** 001")]
    assert said == [(TargetKind.LOAN, 12), (TargetKind.LOAN, 12), Unmatched.NO_ACCOUNT]


def test_what_was_typed_comes_before_who_pays() -> None:
    other = Owner(client=a_borrower(8), loans=(of_loan(a_loan(77)),))
    books = Candidates(loans=(LOAN,), payers=(other,))
    assert found("12", books, PHONE) == (TargetKind.LOAN, 12)


def test_nothing_typed_by_nobody_known_is_nothing() -> None:
    assert found("  - ", Candidates()) is Unmatched.NOTHING_TYPED


def test_two_clients_of_one_phone_are_ambiguous() -> None:
    other = Owner(client=a_borrower(8), loans=(of_loan(a_loan(77)),))
    assert found("fees", Candidates(payers=(OWNER, other)), PHONE) is Unmatched.AMBIGUOUS


def test_a_masked_phone_is_the_phone_of_nobody() -> None:
    assert not same_payer("2547 ***** 001", "0712000001")
    assert not same_payer(None, "0712000001")
    assert same_payer("+254712000001", "0712 000 001")


@pytest.mark.parametrize(
    ("written", "seen"),
    [("0712 000 001", "phone …001"), ("000000012", "000000012"), (None, ""), ("x" * 60, "x" * 40)],
)
def test_people_see_what_was_typed_but_no_phone(written: str | None, seen: str) -> None:
    assert shown_reference(written) == seen
