"""What a check writes: state, findings and event; nothing of a version that was replaced."""

import json
from typing import Any, cast
from uuid import UUID

import psycopg
import pytest
from temporalio.testing import ActivityEnvironment

from activities.credential_checks import CHECKED, CredentialChecks
from activities.initiator_tries import InitiatorTries
from models import ids
from models.credential_check import Check, CheckOrder, CheckVerdict, Probe
from models.credentials import NoCredentials, NotConfigured
from models.reading import Reading, Reason
from providers.contract import Unreachable
from runtime.database import Database
from runtime.partners import Known
from tests.conftest import Urls

PASSED, FAILED = Check(name="token", passed=True), Check(name="token", passed=False)
UNTOLD = Check(name="token", passed=None)
_ADD = """
insert into credentials (id, org_id, livemode, kind, short_code, shown, fields_sealed, usable,
  version) values (%s, %s, false, 'mpesa_c2b', %s, '{}', 'x', %s, 1)"""


class Entered:
    """One credential of one new partner."""

    def __init__(self, urls: Urls, short_code: str, *, usable: bool = False) -> None:
        self.urls, self.org, self.id = urls, ids.uuid7(), ids.uuid7()
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)
        self.sql(_ADD, self.id, self.org, short_code, usable)
        self.order = CheckOrder(
            credential_id=ids.shown(ids.CREDENTIAL, self.id),
            org_id=ids.shown(ids.ORG, self.org),
            livemode=False,
            kind="mpesa_c2b",
            version=1,
        )

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    def row(self) -> tuple[str, bool, list[dict[str, Any]]]:
        found = self.sql("select state, usable, checks from credentials where id = %s", self.id)
        return cast(tuple[str, bool, list[dict[str, Any]]], found[0])


class Daraja:
    """Takes addresses, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.told: list[dict[str, Any]] = []

    async def register_urls(self, **told: Any) -> Reading:
        self.told.append(told)
        if self.error:
            raise self.error
        return Reading(verdict=None, reason=Reason.DUPLICATE)


class FakePartners:
    """Raises what it was told to; its short codes are Daraja's."""

    def __init__(self, error: Exception, daraja: Daraja) -> None:
        self._error, self._daraja = error, daraja

    async def as_entered(self, *_place: Any, **_version: Any) -> Any:
        raise self._error

    async def known(self, *_place: Any) -> Known:
        return Known(id="cred_1", short_code="601000", shown={}, password_set_at=None)

    async def mpesa(self, *_place: Any) -> Daraja:
        return self._daraja


def checks(
    database: Database, error: Exception | None = None, daraja: Daraja | None = None
) -> CredentialChecks:
    partners = cast(Any, FakePartners(error or LookupError(), daraja or Daraja()))
    tries = InitiatorTries(database, b"pepper")
    return CredentialChecks(database, partners, lambda owner, slug: f"{owner}/{slug}", tries)


async def concluded(
    database: Database, entered: Entered, *found: Check, daraja: Daraja | None = None
) -> str:
    verdict = CheckVerdict(order=entered.order, checks=found)
    return await ActivityEnvironment().run(checks(database, daraja=daraja).conclude, verdict)


@pytest.mark.parametrize(
    ("found", "before", "after"),
    [
        (PASSED, False, ("valid", True)),
        (FAILED, True, ("invalid", False)),
        (UNTOLD, True, ("invalid", True)),
        (UNTOLD, False, ("invalid", False)),
    ],
)
async def test_only_a_check_that_failed_takes_a_credential_out_of_use(
    database: Database, urls: Urls, found: Check, before: bool, after: tuple[str, bool]
) -> None:
    entered = Entered(urls, short_code="601000", usable=before)
    assert await concluded(database, entered, found) == after[0]
    assert entered.row()[:2] == after
    entered.sql("delete from credentials")


async def test_what_was_found_is_told_once_and_without_secrets(
    database: Database, urls: Urls
) -> None:
    entered = Entered(urls, "601001")
    for _ in range(2):
        await concluded(database, entered, PASSED)
    events = entered.sql("select type, data from events where object_id = %s", entered.id)
    assert [event[0] for event in events] == [CHECKED]
    assert events[0][1]["object"]["checks"] == [{"name": "token", "passed": True, "detail": ""}]
    assert "sealed" not in json.dumps(events[0][1])


async def test_a_pay_bill_found_valid_has_its_payments_told_to_us(
    database: Database, urls: Urls
) -> None:
    entered, daraja = Entered(urls, "601010"), Daraja()
    await concluded(database, entered, FAILED, daraja=daraja)
    assert daraja.told == []
    await concluded(database, entered, PASSED, daraja=daraja)
    assert [told["confirmation_url"] for told in daraja.told] == ["cred_1/ke8"]
    query = "select registered_at is not null from collection_rules where org_id = %s"
    assert entered.sql(query, entered.org) == [(True,)]


async def test_a_silent_daraja_leaves_the_credential_valid(database: Database, urls: Urls) -> None:
    entered = Entered(urls, "601011")
    assert await concluded(database, entered, PASSED, daraja=Daraja(Unreachable("away"))) == "valid"
    assert entered.sql("select 1 from collection_rules where org_id = %s", entered.org) == []


async def test_a_version_that_was_replaced_changes_nothing(database: Database, urls: Urls) -> None:
    entered = Entered(urls, "601002")
    entered.sql("update credentials set version = 2 where id = %s", entered.id)
    assert await concluded(database, entered, PASSED) == "replaced"
    assert entered.row() == ("checking", False, [])


async def test_a_short_code_another_partner_has_proven_is_refused(
    database: Database, urls: Urls
) -> None:
    first, second = Entered(urls, "601003"), Entered(urls, "601003")
    assert await concluded(database, first, PASSED) == "valid"
    assert await concluded(database, second, PASSED) == "invalid"
    assert second.row()[2][-1]["name"] == "short_code"


async def test_a_token_alone_proves_no_short_code(database: Database, urls: Urls) -> None:
    first, second = Entered(urls, "601005"), Entered(urls, "601005")
    first.sql("update credentials set kind = 'mpesa_stk' where short_code = '601005'")
    for entered in (first, second):
        assert await concluded(database, entered, PASSED) == "valid"
        assert entered.row()[1] is True


@pytest.mark.parametrize(
    ("error", "names"),
    [(NoCredentials("mpesa_c2b"), []), (NotConfigured("MPESA_CERTIFICATE"), ["settings"])],
)
async def test_what_cannot_be_tried_is_not_called(
    database: Database, urls: Urls, error: Exception, names: list[str]
) -> None:
    entered = Entered(urls, "601004")
    probed: Probe = await ActivityEnvironment().run(checks(database, error).probe, entered.order)
    assert [check.name for check in probed.checks] == names
    assert not probed.awaits_result
    assert isinstance(entered.org, UUID)
