"""Money never rounds, never mixes, never floats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fees import FeeRule, fee_for
from models.money import CurrencyMismatch, FractionNotCarried, Money, from_major


def test_currencies_do_not_mix() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "KES") + Money(1, "XAF")


def test_a_rail_of_whole_units_refuses_a_fraction() -> None:
    assert Money(10_000, "KES").whole() == 100
    with pytest.raises(FractionNotCarried):
        Money(10_050, "KES").whole()


def test_a_currency_without_decimals_is_whole_already() -> None:
    assert Money(500, "XAF").whole() == 500


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1.00", "KES", 100),
        (1.0, "KES", 100),
        ("10", "XAF", 10),
        ("10.00", "XAF", 10),
        (5, "KES", 500),
    ],
)
def test_major_units_are_read_exactly(text: object, currency: str, minor: int) -> None:
    assert from_major(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    ["1.001", "NaN", "Infinity", "", None, "ten", True, "1e999999", "-1e999999", f"1.{'0' * 60}1"],
)
def test_what_is_no_amount_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match=r"amount|decimals"):
        from_major(text, "KES")


@given(
    st.integers(1, 10**12),
    st.builds(
        FeeRule,
        basis_points=st.integers(0, 10_000),
        fixed_minor=st.integers(0, 10**6),
        tax_basis_points=st.integers(0, 10_000),
    ),
)
def test_a_fee_never_takes_more_than_the_payment(minor: int, rule: FeeRule) -> None:
    fee = fee_for(Money(minor, "KES"), rule)
    assert 0 <= fee.total.minor <= minor


def test_a_fee_of_two_and_a_quarter_percent_with_tax_on_it() -> None:
    fee = fee_for(Money(10_000, "KES"), FeeRule(basis_points=225, tax_basis_points=1_600))
    assert (fee.net.minor, fee.tax.minor) == (225, 36)
