"""Passwords that were tried: each once, for everybody, whatever becomes of the credential."""

import asyncio
from typing import Any
from uuid import UUID

import psycopg
import pytest
from pydantic import SecretStr

from activities.initiator_tries import InitiatorTries
from models import ids
from models.credential_check import Check, CheckOrder, Tried
from models.credentials import MpesaFields
from runtime.database import Database
from tests.conftest import Urls

REFUSED, PASSED = Check(name="initiator", passed=False), Check(name="initiator", passed=True)
UNTOLD = Check(name="initiator", passed=None)


class Partner:
    """An organisation that enters initiators."""

    def __init__(self, urls: Urls, tries: InitiatorTries) -> None:
        self.urls, self.tries, self.org = urls, tries, ids.uuid7()
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    def order(self, *, anew: bool = False) -> CheckOrder:
        """A check of a credential that was just entered."""
        return CheckOrder(
            credential_id=ids.mint(ids.CREDENTIAL),
            org_id=ids.shown(ids.ORG, self.org),
            livemode=False,
            kind="mpesa_b2c",
            version=1,
            anew=anew,
        )

    async def tried(self, fields: MpesaFields, *told: Check, anew: bool = False) -> Tried | None:
        """One check; what stood against it."""
        order = self.order(anew=anew)
        tried = await self.tries.claim(order, fields)
        if tried is None:
            await self.tries.told(order, told)
        return tried


def fields(password: str = "hunter-2", short_code: str = "600100") -> MpesaFields:
    return MpesaFields(
        consumer_key=SecretStr("k"),
        consumer_secret=SecretStr("s"),
        short_code=short_code,
        initiator="api",
        initiator_password=SecretStr(password),
    )


@pytest.fixture
def tries(database: Database) -> InitiatorTries:
    return InitiatorTries(database, b"pepper", patience=0.0)


@pytest.fixture
def partner(urls: Urls, tries: InitiatorTries) -> Partner:
    made = Partner(urls, tries)
    made.sql("delete from initiator_tries")
    return made


def word(tried: Tried | None) -> bool | str | None:
    return "free" if tried is None else tried.passed


async def test_a_refused_password_is_not_tried_by_another_credential(partner: Partner) -> None:
    said = [word(await partner.tried(fields(), REFUSED)) for _ in range(2)]
    other_code = await partner.tried(fields(short_code="600200"), REFUSED)
    assert [*said, word(other_code)] == ["free", False, False]


async def test_a_refused_password_is_not_tried_by_another_partner(
    partner: Partner, urls: Urls
) -> None:
    await partner.tried(fields(), REFUSED)
    other = Partner(urls, partner.tries)
    same = await other.tried(fields(), REFUSED)
    elsewhere = await other.tried(fields(short_code="600300"), REFUSED)
    assert (word(same), word(elsewhere)) == (False, "free")


async def test_another_password_is_tried_and_a_right_one_as_often_as_needed(
    partner: Partner,
) -> None:
    await partner.tried(fields("wrong"), REFUSED)
    said = [word(await partner.tried(fields("right"), PASSED)) for _ in range(3)]
    assert said == ["free"] * 3


async def test_a_password_that_passed_stays_right_at_its_short_code(partner: Partner) -> None:
    await partner.tried(fields(), PASSED)
    await partner.tried(fields(short_code="600200"), REFUSED)
    said = [word(await partner.tried(fields(short_code=code))) for code in ("600100", "600200")]
    assert said == ["free", False]


async def test_what_mpesa_never_told_of_counts_as_a_try(partner: Partner) -> None:
    await partner.tried(fields(), UNTOLD)
    tried = await partner.tried(fields())
    assert word(tried) is None
    assert word(await partner.tried(fields(), PASSED, anew=True)) == "free"
    assert word(await partner.tried(fields())) == "free"


async def test_asked_anew_it_is_tried_and_remembered_as_before(partner: Partner) -> None:
    await partner.tried(fields(), REFUSED)
    assert word(await partner.tried(fields(), UNTOLD, anew=True)) == "free"
    assert word(await partner.tried(fields())) is False


@pytest.mark.parametrize(("before", "after"), [((), "free"), ((REFUSED,), False)])
async def test_what_never_left_is_no_try(
    partner: Partner, before: tuple[Check, ...], after: bool | str
) -> None:
    if before:
        await partner.tried(fields(), *before)
    order = partner.order(anew=True)
    await partner.tries.claim(order, fields())
    await partner.tries.unsent(order)
    assert word(await partner.tries.standing(partner.org, fields())) == after


async def test_two_checks_at_once_are_one_try(partner: Partner, database: Database) -> None:
    patient = InitiatorTries(database, b"pepper", patience=20.0)
    orders = [partner.order(), partner.order()]

    async def checks(order: CheckOrder) -> bool | str | None:
        tried = await patient.claim(order, fields())
        await asyncio.sleep(0)
        await patient.told(order, [] if tried else [REFUSED])
        return word(tried)

    said = await asyncio.gather(*(checks(order) for order in orders))
    assert set(said) == {"free", False}


async def test_a_row_is_no_password_and_opens_under_one_key_only(
    partner: Partner, database: Database
) -> None:
    await partner.tried(fields("planted-password"), REFUSED)
    [row] = partner.sql("select * from initiator_tries")
    assert "planted" not in str(row)
    assert partner.org in [value for value in row if isinstance(value, UUID)]
    other = InitiatorTries(database, b"another pepper")
    assert await other.standing(partner.org, fields("planted-password")) is None
