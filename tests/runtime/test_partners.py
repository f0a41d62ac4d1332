"""A partner's clients: of the credential in use, built once, replaced when it changes."""

import json
from collections.abc import Mapping
from typing import Any, cast

import psycopg
import pytest

from models import ids
from models.credentials import (
    FIELDS,
    CredentialKind,
    Fields,
    NoCredentials,
    NotConfigured,
    revealed,
)
from providers.mpesa.client import MpesaClient
from runtime.database import Database
from runtime.partner_clients import DarajaSettings, builders
from runtime.partners import Build, Partners
from runtime.settings import Settings
from runtime.vault import SealBroken, Vault
from tests.api.partner_world import MIFOS, MPESA, STK
from tests.conftest import Urls

_ADD = """
insert into credentials (id, org_id, livemode, kind, state, usable, short_code, shown,
  fields_sealed) values (%s, %s, false, %s, 'valid', true, '600100', %s, %s)"""
_SENT: Mapping[CredentialKind, Any] = {
    CredentialKind.MIFOS: MIFOS,
    CredentialKind.MPESA_B2C: MPESA,
    CredentialKind.MPESA_C2B: MPESA,
    CredentialKind.MPESA_STK: STK,
}


class FakeClient:
    """Notes that it was closed."""

    def __init__(self, fields: Fields) -> None:
        self.fields, self.closed = fields, False

    async def aclose(self) -> None:
        self.closed = True


class Office:
    """One partner with credentials, and the clients that were built of them."""

    def __init__(self, database: Database, vault: Vault, urls: Urls) -> None:
        self.vault, self.urls, self.now = vault, urls, 0.0
        self.org = ids.uuid7()
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)
        self.sql("delete from credentials")
        built: dict[CredentialKind, Build] = dict.fromkeys(CredentialKind, FakeClient)
        self.partners = Partners(database, vault, built, clock=lambda: self.now)

    @property
    def org_id(self) -> str:
        return ids.shown(ids.ORG, self.org)

    def sql(self, statement: str, *values: Any) -> None:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            connection.execute(statement, values)

    async def enters(self, kind: CredentialKind, bound_to: str = "") -> None:
        fields = FIELDS[kind](**_SENT[kind])
        sealed = await self.vault.seal(
            self.org,
            livemode=False,
            field=f"credential/{bound_to or kind}",
            plain=revealed(fields),
        )
        self.sql(_ADD, ids.uuid7(), self.org, kind, json.dumps({"tenant": "x"}), sealed)


@pytest.fixture
def office(database: Database, vault: Vault, urls: Urls) -> Office:
    return Office(database, vault, urls)


async def test_a_client_is_built_once_of_the_credential_in_use(office: Office) -> None:
    await office.enters(CredentialKind.MPESA_B2C)
    first = cast(Any, await office.partners.mpesa(office.org_id, False, "b2c"))
    assert first.fields.initiator_password.get_secret_value() == MPESA["initiator_password"]
    assert MPESA["initiator_password"] not in repr(first.fields)
    assert await office.partners.mpesa(office.org_id, False, "b2c") is first


async def test_a_changed_credential_gives_a_new_client_and_the_old_finishes(office: Office) -> None:
    await office.enters(CredentialKind.MIFOS)
    old: Any = await office.partners.mifos(office.org_id, False)
    office.sql("update credentials set version = 2")
    new: Any = await office.partners.mifos(office.org_id, False)
    assert new is not old
    assert not old.closed
    office.now = 121.0
    await office.partners.mifos(office.org_id, False)
    assert (old.closed, new.closed) == (True, False)
    await office.partners.aclose()
    assert new.closed


@pytest.mark.parametrize("purpose", ["b2c", "c2b"])
async def test_without_a_valid_credential_there_is_no_client(office: Office, purpose: str) -> None:
    with pytest.raises(NoCredentials, match=f"mpesa_{purpose}"):
        await office.partners.mpesa(office.org_id, False, purpose)
    await office.enters(CredentialKind(f"mpesa_{purpose}"))
    office.sql("update credentials set usable = false")
    with pytest.raises(NoCredentials):
        await office.partners.mpesa(office.org_id, False, purpose)


async def test_a_credential_of_the_other_mode_or_partner_is_not_used(office: Office) -> None:
    await office.enters(CredentialKind.MPESA_STK)
    with pytest.raises(NoCredentials):
        await office.partners.stk(office.org_id, True)
    with pytest.raises(NoCredentials):
        await office.partners.stk(ids.mint(ids.ORG), False)


async def test_secrets_moved_to_another_kind_do_not_open(office: Office) -> None:
    await office.enters(CredentialKind.MPESA_C2B, bound_to="mpesa_b2c")
    with pytest.raises(SealBroken):
        await office.partners.mpesa(office.org_id, False, "c2b")


async def test_what_is_not_secret_is_known_without_opening_anything(office: Office) -> None:
    await office.enters(CredentialKind.MIFOS)
    known = await office.partners.known(office.org_id, False, CredentialKind.MIFOS)
    assert known.id.startswith("cred_")
    assert (known.short_code, known.shown) == ("600100", {"tenant": "x"})


async def test_a_check_gets_what_was_entered_as_of_its_version(office: Office) -> None:
    await office.enters(CredentialKind.MIFOS)
    office.sql("update credentials set usable = false")
    place = (office.org_id, CredentialKind.MIFOS)
    fields, client = await office.partners.as_entered(*place, livemode=False, version=1)
    assert fields.url == MIFOS["url"]  # type: ignore[union-attr]  # Mifos fields by their kind
    await client.aclose()
    with pytest.raises(NoCredentials):
        await office.partners.as_entered(*place, livemode=False, version=2)


async def test_a_short_code_needs_safaricoms_certificate_and_a_prompt_does_not(
    settings: Settings,
) -> None:
    build = builders(settings, DarajaSettings(certificate="none"))
    organisation = FIELDS[CredentialKind.MPESA_B2C](**MPESA)
    with pytest.raises(NotConfigured, match="MPESA_CERTIFICATE"):
        build[CredentialKind.MPESA_B2C](organisation)
    prompting = build[CredentialKind.MPESA_STK](FIELDS[CredentialKind.MPESA_STK](**STK))
    assert isinstance(prompting, MpesaClient)
    await prompting.aclose()
