"""Keys, tries and days of a lender's books."""

from datetime import date

import pytest

from models.ids import fineract_key
from models.lender_calendar import Access, Calendar, Forbidden
from models.lender_orders import next_try
from models.lending import Loan
from models.reading import Reading, Reason, Verdict

FACTS = {
    "tenant": "default",
    "loan": 1,
    "receipt": "TKL3XYZ9AB",
    "op": "disburse",
    "amount_minor": 1_000_000,
    "on": date(2026, 11, 21),
    "try_number": 1,
}
LOAN = Loan(
    id=1,
    account_no="000000001",
    external_id=None,
    status=200,
    client_id=1,
    client_name="",
    product_id=1,
    currency="KES",
    decimals=2,
    approved_on=date(2026, 11, 2),
    first_repayment_on=date(2026, 12, 21),
)
TODAY = date(2026, 11, 20)
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 14)


def key(**changes: object) -> str:
    """The key of those facts."""
    return fineract_key(**{**FACTS, **changes})  # type: ignore[arg-type]  # facts by name


def test_a_key_fits_fineracts_column_and_never_changes() -> None:
    assert key() == key()
    assert key() == "313886cd3e8a8fa9e6adafeb9cb1db968090ff289b15c560"
    assert len(key()) == 48


@pytest.mark.parametrize(
    "change",
    [
        {"tenant": "sacco-two"}, {"loan": 2}, {"receipt": "X"}, {"op": "repay"},
        {"amount_minor": 1}, {"on": date(2026, 11, 22)}, {"try_number": 2},
    ],
)  # fmt: skip
def test_any_other_fact_makes_another_key(change: dict[str, object]) -> None:
    assert key(**change) != key()


def said(verdict: Verdict, reason: Reason | None = None) -> Reading:
    """A reading."""
    return Reading(verdict=verdict, reason=reason)


@pytest.mark.parametrize(
    ("reading", "number"),
    [
        (None, 3),
        (said(Verdict.UNKNOWN, Reason.PROVIDER_ERROR), 3),
        (said(Verdict.PENDING, Reason.PARKED), 3),
        (said(Verdict.REFUSED, Reason.IN_PROGRESS), 3),
        (said(Verdict.REFUSED, Reason.LOCKED), 4),
        (said(Verdict.REFUSED, Reason.DATE_REFUSED), 4),
        (said(Verdict.UNKNOWN, Reason.KEY_SPENT), 4),
    ],
)
def test_only_a_known_failure_is_tried_under_a_new_key(
    reading: Reading | None, number: int
) -> None:
    assert next_try(3, reading) == number


@pytest.mark.parametrize(
    ("calendar", "on", "forbidden"),
    [
        (Calendar(), TODAY, None),
        (Calendar(), date(2026, 11, 21), Forbidden.FUTURE),
        (Calendar(business_date=date(2026, 11, 21)), date(2026, 11, 21), None),
        (Calendar(business_date=date(2026, 11, 19)), TODAY, Forbidden.FUTURE),
        (Calendar(), date(2026, 11, 1), Forbidden.BEFORE_APPROVAL),
        (Calendar(business_date=date(2027, 1, 1)), date(2026, 12, 22),
         Forbidden.AFTER_FIRST_REPAYMENT),
        (Calendar(holidays=((FRIDAY, FRIDAY),)), FRIDAY, Forbidden.HOLIDAY),
        (Calendar(holidays=((FRIDAY, FRIDAY),), books_on_holidays=True), FRIDAY, None),
        (Calendar(working_days=frozenset(range(5))), SATURDAY, Forbidden.NON_WORKING_DAY),
        (Calendar(working_days=frozenset(range(5)), books_on_non_working_days=True), SATURDAY,
         None),
    ],
)  # fmt: skip
def test_a_day_is_forbidden_for_the_reason_mifos_would_give(
    calendar: Calendar, on: date, forbidden: Forbidden | None
) -> None:
    assert calendar.forbids(LOAN, on, today=TODAY) is forbidden


def test_a_wide_permission_covers_the_narrow_ones() -> None:
    def who(*permissions: str) -> Access:
        return Access(user_id=1, office_id=1, permissions=frozenset(permissions))

    assert who("ALL_FUNCTIONS").may("DISBURSE_LOAN")
    assert who("ALL_FUNCTIONS_READ").may("READ_LOAN")
    assert not who("ALL_FUNCTIONS_READ").may("DISBURSE_LOAN")
