"""A receipt says its day; a word that does not is no receipt."""

from datetime import date

import pytest

from models.mpesa_receipt import receipts_among, stamp


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2025, 10, 27), "TJR"),
        (date(2026, 11, 21), "UKL"),
        (date(2026, 1, 9), "UA9"),
        (date(2026, 12, 31), "ULV"),
    ],
)
def test_year_month_and_day_are_a_letter_each(day: date, begins: str) -> None:
    assert stamp(day) == begins


def test_a_receipt_of_the_day_or_the_days_before_is_one() -> None:
    words = {"UKLEXS1ZV9", "UKHEXS1ZV9", "UKGEXS1ZV9", "UKMEXS1ZV9", "SALARY2026"}
    assert receipts_among(words, date(2026, 11, 21)) == ("UKHEXS1ZV9", "UKLEXS1ZV9")
