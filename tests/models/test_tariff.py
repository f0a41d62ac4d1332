"""What a transaction costs: bands, versions, own tariffs, rounding."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest

from models.money import Money
from models.tariff import BorneBy, NoTariff, Tariff, TariffCode, float_quote, loan_quote, quote

JANUARY, MARCH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
NOW = datetime(2026, 2, 1, tzinfo=UTC)


def kes(minor: int) -> Money:
    return Money(minor, "KES")


def band(code: TariffCode, fee: int, **fields: Any) -> Tariff:
    facts = {"from_minor": 0, "to_minor": None, "valid_from": JANUARY, **fields}
    return Tariff(code=code, currency="KES", fee_minor=fee, **facts)


B2C = (
    band(TariffCode.MPESA_B2C, 0, to_minor=10_099, borne_by=BorneBy.SHORTCODE),
    band(
        TariffCode.MPESA_B2C, 500, from_minor=10_100, to_minor=25_000_000,
        borne_by=BorneBy.SHORTCODE,
    ),
)  # fmt: skip
OURS = (
    band(TariffCode.PROCESSING_LOAN, 2_000, tax_basis_points=1_600),
    band(TariffCode.SMS, 80, tax_basis_points=1_600, tax_kind="excise"),
)
FLOAT = (
    band(TariffCode.FLOAT_TRANSFER, 5_000),
    band(TariffCode.FLOAT_PROCESSING, 0, basis_points=25, tax_basis_points=1_600),
)
ALL = (*B2C, *OURS, *FLOAT)


@pytest.mark.parametrize(("amount", "fee"), [(1, 0), (10_099, 0), (10_100, 500), (25_000_000, 500)])
def test_both_ends_of_a_band_are_in_it(amount: int, fee: int) -> None:
    assert quote(B2C, TariffCode.MPESA_B2C, kes(amount), NOW).net == kes(fee)


def test_an_amount_outside_every_band_has_no_tariff() -> None:
    with pytest.raises(NoTariff):
        quote(B2C, TariffCode.MPESA_B2C, kes(25_000_001), NOW)


def test_another_currency_has_no_tariff() -> None:
    with pytest.raises(NoTariff):
        quote(OURS, TariffCode.SMS, Money(500, "UGX"), NOW)


def test_a_tariff_counts_from_its_moment_on() -> None:
    dearer = band(TariffCode.SMS, 90, valid_from=MARCH)
    known = (*OURS, dearer)
    before = datetime(2026, 2, 28, 23, 59, 59, tzinfo=UTC)
    fees = [quote(known, TariffCode.SMS, kes(1), at).net.minor for at in (JANUARY, before, MARCH)]
    assert fees == [80, 80, 90]
    with pytest.raises(NoTariff):
        quote(known, TariffCode.SMS, kes(1), datetime(2025, 12, 31, tzinfo=UTC))


def test_a_new_version_replaces_every_band_of_the_old_one() -> None:
    narrow = band(TariffCode.MPESA_B2C, 700, from_minor=50_000, valid_from=MARCH)
    with pytest.raises(NoTariff):
        quote((*B2C, narrow), TariffCode.MPESA_B2C, kes(20_000), MARCH)


def test_an_organisations_own_tariff_comes_before_a_newer_default() -> None:
    own = band(TariffCode.SMS, 50, own=True)
    newer = band(TariffCode.SMS, 90, valid_from=MARCH)
    known = (own, newer, *OURS)
    assert quote(known, TariffCode.SMS, kes(1), MARCH).net == kes(50)
    assert quote(known, TariffCode.PROCESSING_LOAN, kes(1), MARCH).net == kes(2_000)


@pytest.mark.parametrize(
    ("amount", "net", "tax"), [(200, 1, 0), (199, 0, 0), (7_400, 19, 3), (100_000, 250, 40)]
)
def test_shares_are_rounded_half_up(amount: int, net: int, tax: int) -> None:
    line = quote(FLOAT, TariffCode.FLOAT_PROCESSING, kes(amount), NOW)
    assert (line.net, line.tax) == (kes(net), kes(tax))


def test_a_loan_costs_processing_and_two_messages_and_tax_on_each() -> None:
    quoted = loan_quote(ALL, kes(500_000), NOW)
    assert [(line.code, line.net.minor, line.tax.minor) for line in quoted.lines] == [
        ("processing_loan", 2_000, 320),
        ("sms", 160, 26),
    ]
    assert quoted.charges == kes(2_506)


def test_mpesas_fee_is_only_told_where_the_short_code_bears_it() -> None:
    quoted = loan_quote(ALL, kes(500_000), NOW)
    assert quoted.provider_fee == kes(500)
    assert loan_quote(ALL, kes(5_000), NOW).provider_fee is None


def test_mpesas_fee_is_charged_where_the_wallet_bears_it() -> None:
    borne = tuple(dataclasses.replace(one, borne_by=BorneBy.WALLET) for one in B2C)
    quoted = loan_quote((*borne, *OURS), kes(500_000), NOW)
    assert (quoted.charges, quoted.provider_fee) == (kes(3_006), None)
    assert quoted.lines[-1].code is TariffCode.MPESA_B2C


def test_a_float_purchase_with_a_transfer_costs_that_and_processing() -> None:
    quoted = float_quote(ALL, kes(1_000_000), NOW, transfers=True)
    assert [line.total.minor for line in quoted.lines] == [5_000, 2_500 + 400]
    assert quoted.charges == kes(7_900)


def test_float_bought_from_the_pool_account_itself_costs_no_transfer() -> None:
    quoted = float_quote(ALL, kes(1_000_000), NOW, transfers=False)
    assert [line.code for line in quoted.lines] == [TariffCode.FLOAT_PROCESSING]
    assert quoted.charges == kes(2_900)


def test_a_missing_tariff_is_no_free_loan() -> None:
    with pytest.raises(NoTariff):
        loan_quote(B2C, kes(500_000), NOW)
