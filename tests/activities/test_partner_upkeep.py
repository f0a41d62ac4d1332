"""Once a day: products are looked at again, and passwords that will end are told once a step."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.contacts import Contacts
from activities.partner_upkeep import EXPIRING, PartnerUpkeep
from models import ids
from models.credentials import PASSWORD_LIFE, NoCredentials, days_to_tell
from providers.contract import Unreachable
from runtime.database import Database
from runtime.vault import Vault
from tests.api.partner_world import FakeLender
from tests.conftest import Urls

_ADD = """
insert into credentials (id, org_id, livemode, kind, state, usable, short_code, shown,
  fields_sealed, password_set_at) values (%s, %s, false, %s, 'valid', true, %s, '{}', 'x', %s)"""
_USER = """
insert into authorised_users (id, org_id, livemode, name, phone_sealed, phone_lookup,
  phone_masked, email_sealed, email_masked, active)
values (%s, %s, false, 'A', %s, %s, '', %s, '', %s)"""


class FakePartners:
    """Lenders by organisation; who is not here has no credential."""

    def __init__(self) -> None:
        self.lenders: dict[str, FakeLender] = {}

    async def mifos(self, org_id: str, _livemode: bool) -> FakeLender:
        if org_id not in self.lenders:
            raise NoCredentials("mifos")
        return self.lenders[org_id]


class Day:
    """Partners of one day, and its upkeep."""

    def __init__(self, database: Database, vault: Vault, urls: Urls) -> None:
        self.vault, self.urls, self.partners = vault, urls, FakePartners()
        self.sql("delete from credentials")
        contacts = Contacts(database, vault)
        self.upkeep = PartnerUpkeep(database, vault, cast(Any, self.partners), contacts)

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    async def partner(self, kind: str, *, left: timedelta | None = None) -> Any:
        """A partner with one user who may be written to and one who may not."""
        org = ids.uuid7()
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", org)
        set_at = None if left is None else datetime.now(UTC) - PASSWORD_LIFE + left
        self.sql(_ADD, ids.uuid7(), org, kind, str(int.from_bytes(org.bytes[-3:], "big")), set_at)
        for active in (True, False):
            phone = await self._sealed(org, "user_phone", "254711902837")
            email = await self._sealed(org, "user_email", "amina@sacco.example")
            self.sql(_USER, ids.uuid7(), org, phone, str(active).encode(), email, active)
        return org

    async def _sealed(self, org: Any, field: str, text: str) -> bytes:
        return await self.vault.seal(org, livemode=False, field=field, plain=text.encode())

    async def warn(self) -> int:
        told: int = await ActivityEnvironment().run(self.upkeep.warn_of_passwords)
        return told

    async def sync(self) -> int:
        answered: int = await ActivityEnvironment().run(self.upkeep.sync_products)
        return answered


@pytest.fixture
def day(database: Database, vault: Vault, urls: Urls) -> Day:
    return Day(database, vault, urls)


async def test_a_password_that_will_end_is_told_once_to_those_who_may_be_told(day: Day) -> None:
    org = await day.partner("mpesa_b2c", left=timedelta(days=6))
    assert [await day.warn(), await day.warn()] == [1, 0]
    events = day.sql("select data from events where org_id = %s and type = %s", org, EXPIRING)
    assert [event[0]["days"] for event in events] == [7]
    sent = day.sql("select channel, event from messages where org_id = %s order by channel", org)
    assert sent == [("email", "password_expiring"), ("sms", "password_expiring")]


async def test_nobody_is_told_early_or_of_what_has_no_age(day: Day) -> None:
    await day.partner("mpesa_c2b", left=timedelta(days=20))
    await day.partner("mifos")
    assert await day.warn() == 0


@pytest.mark.parametrize(
    ("days", "told"),
    [(15.0, None), (14.0, 14), (13.9, 14), (7.1, 14), (7.0, 7), (2.5, 3), (0.9, 1), (-1.0, None)],
)
def test_each_step_before_the_end_is_told_even_after_a_missed_day(
    days: float, told: int | None
) -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    assert days_to_tell(now - PASSWORD_LIFE + timedelta(days=days), now) == told


async def test_a_silent_lender_leaves_the_others_their_turn(day: Day) -> None:
    silent, willing, gone = [await day.partner("mifos") for _ in range(3)]
    for org in (silent, willing):
        day.partners.lenders[ids.shown(ids.ORG, org)] = FakeLender()
    day.partners.lenders[ids.shown(ids.ORG, silent)].told = Unreachable("away")
    assert await day.sync() == 1
    kept = day.sql("select org_id, count(*) from loan_products group by org_id")
    assert (kept, gone in dict(kept)) == ([(willing, 2)], False)
