"""Tariffs as they are stored, and the alert of a wallet, in a real PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from activities.tariffs import tariffs_at
from activities.wallet_alerts import crossed
from models.ids import PLATFORM_ORG, uuid7
from models.money import Money
from models.tariff import NoTariff, TariffCode, float_quote, loan_quote, quote
from runtime.database import Database

NOW = datetime(2026, 11, 21, tzinfo=UTC)
_OWN = """
insert into tariffs (org_id, livemode, code, currency, from_minor, to_minor, fee_minor, valid_from)
values (%s, %s, 'sms', 'KES', %s, %s, %s, %s)"""
_ALERT = """
insert into wallet_alerts (org_id, livemode, currency, threshold, recommended, state)
values (%s, false, 'KES', 1000, 5000, 'above')"""


@pytest.fixture
def org(urls: Any) -> UUID:
    """A partner of its own for one test."""
    partner = uuid7()
    run(urls, "insert into orgs (id, kind, name) values (%s, 'partner', 'Umoja')", partner)
    return partner


def run(urls: Any, statement: str, *values: Any) -> None:
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute(statement, values)


async def known(database: Database, org: UUID, *, livemode: bool = False) -> Any:
    async with database.scoped(org, livemode) as connection:
        return await tariffs_at(connection, NOW)


async def falls_to(database: Database, org: UUID, minor: int) -> bool:
    async with database.scoped(org, False) as connection:
        low = await crossed(connection, org=org, livemode=False, balance=Money(minor, "KES"))
    assert low is None or (low.threshold.minor, low.recommended.minor) == (1_000, 5_000)
    return low is not None


@pytest.mark.parametrize("livemode", [True, False])
async def test_every_organisation_has_the_default_tariffs_in_both_modes(
    database: Database, org: UUID, livemode: bool
) -> None:
    tariffs = await known(database, org, livemode=livemode)
    loan = loan_quote(tariffs, Money(500_000, "KES"), NOW)
    assert (loan.charges.minor, loan.provider_fee) == (2_160, Money(900, "KES"))
    charged = [
        float_quote(tariffs, Money(5_000_000, "KES"), NOW, transfers=transfers).charges.minor
        for transfers in (True, False)
    ]
    assert charged == [8_000, 3_000]


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(1_000, 0), (10_100, 500), (150_099, 500), (150_100, 900), (500_100, 1_100),
     (2_000_099, 1_100), (2_000_100, 1_300), (25_000_000, 1_300)],
)  # fmt: skip
async def test_mpesas_bands_follow_one_another_without_gaps(
    database: Database, org: UUID, amount: int, fee: int
) -> None:
    tariffs = await known(database, org)
    assert quote(tariffs, TariffCode.MPESA_B2C, Money(amount, "KES"), NOW).net.minor == fee


async def test_above_mpesas_limit_there_is_no_tariff(database: Database, org: UUID) -> None:
    with pytest.raises(NoTariff):
        loan_quote(await known(database, org), Money(25_000_001, "KES"), NOW)


async def test_a_partners_own_tariff_is_seen_by_that_partner_alone(
    database: Database, urls: Any, org: UUID
) -> None:
    run(urls, _OWN, org, False, 0, None, 10, NOW)
    run(urls, _OWN, org, False, 0, None, 99, NOW + timedelta(days=1))
    prices = [
        quote(await known(database, who), TariffCode.SMS, Money(1, "KES"), NOW).net.minor
        for who in (org, PLATFORM_ORG)
    ]
    assert prices == [10, 80]


def test_bands_of_one_version_do_not_overlap(urls: Any, org: UUID) -> None:
    run(urls, _OWN, org, False, 0, 500, 10, NOW)
    with pytest.raises(psycopg.errors.ExclusionViolation):
        run(urls, _OWN, org, False, 500, None, 10, NOW)
    run(urls, _OWN, org, False, 501, None, 10, NOW)
    run(urls, _OWN, org, True, 0, None, 10, NOW)


async def test_a_low_wallet_is_told_once_and_again_after_a_rise(
    database: Database, urls: Any, org: UUID
) -> None:
    run(urls, _ALERT, org)
    told = [await falls_to(database, org, minor) for minor in (1_000, 999, 500, 1_000, 0)]
    assert told == [False, True, False, False, True]


async def test_a_wallet_without_an_alert_is_never_low(database: Database, org: UUID) -> None:
    assert not await falls_to(database, org, 0)


async def test_an_alert_is_of_its_own_organisation(
    database: Database, urls: Any, org: UUID
) -> None:
    run(urls, _ALERT, org)
    stranger = uuid7()
    run(urls, "insert into orgs (id, kind, name) values (%s, 'partner', 'Other')", stranger)
    assert not await falls_to(database, stranger, 0)
    assert await falls_to(database, org, 0)
