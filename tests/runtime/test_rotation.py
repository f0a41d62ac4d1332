"""Keys are rotated while everything runs: nothing is lost and nobody waits."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from models import ids
from runtime.data_keys import BELIEVED, REFRESHED, DataKeys, SealBroken
from runtime.database import Database
from runtime.key_providers.aws_kms import AwsKms
from runtime.key_providers.chain import Chain
from runtime.key_providers.contract import KeyRefused, Wrapped
from runtime.key_providers.file_ring import FileRing
from runtime.key_providers.sigv4 import AwsKeys
from runtime.rotation import Rotation
from runtime.sealed_columns import SEALED_COLUMNS
from runtime.vault import Vault
from simulators.kms import ACCESS_KEY, SECRET_KEY, Kms
from tests.conftest import Urls

OLD, NEW = b"1" * 32, b"2" * 32
_USER = """
insert into authorised_users (id, org_id, livemode, name, phone_sealed, phone_lookup,
  phone_masked, email_sealed, email_masked) values (%s, %s, false, 'A', %s, %s, '', %s, '')"""
_PHONES = "select id, phone_sealed from authorised_users where org_id = %s"
_RESPONSE = """
insert into idempotency_keys (org_id, livemode, method, path, key, fingerprint, status, body)
values (%s, false, 'POST', '/', %s, '', 200, %s)"""


class Books:
    """One organisation with sealed rows, and its database's administrator."""

    def __init__(self, urls: Urls, vault: Vault) -> None:
        self.urls, self.vault, self.org = urls, vault, ids.uuid7()
        self.sql("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", self.org)

    def sql(self, statement: str, *values: Any) -> list[Any]:
        with psycopg.connect(self.urls.admin, autocommit=True) as connection:
            found = connection.execute(statement, values)
            return found.fetchall() if found.description else []

    async def user(self, phone: str) -> None:
        sealed = await self.seal("user_phone", phone)
        email = await self.seal("user_email", f"{phone}@example.org")
        self.sql(_USER, ids.uuid7(), self.org, sealed, phone.encode(), email)

    async def seal(self, field: str, text: str) -> bytes:
        return await self.vault.seal(self.org, livemode=False, field=field, plain=text.encode())

    async def phones(self, vault: Vault) -> set[str]:
        rows = self.sql(_PHONES, self.org)
        return {await self.opened_by(vault, sealed) for _, sealed in rows}

    async def sealed_by(self, vault: Vault, phone: str) -> bytes:
        plain = phone.encode()
        return await vault.seal(self.org, livemode=False, field="user_phone", plain=plain)

    async def opened_by(self, vault: Vault, sealed: bytes) -> str:
        plain = await vault.unseal(self.org, livemode=False, field="user_phone", sealed=sealed)
        return plain.decode()

    def seals(self) -> set[UUID]:
        """The data keys the users' phones are sealed under."""
        return {UUID(bytes=sealed[:16]) for _, sealed in self.sql(_PHONES, self.org)}


@pytest.fixture
async def books(urls: Urls, database: Database) -> AsyncIterator[Books]:
    made = Books(urls, Vault(database, {"k1": OLD}))
    for number in range(5):
        await made.user(f"25470000000{number}")
    yield made
    for table in ("authorised_users", "idempotency_keys", "data_keys"):
        made.sql(f"delete from {table}")


def test_every_sealed_column_of_the_schema_is_rotated(urls: Urls) -> None:
    with psycopg.connect(urls.admin) as connection:
        found = connection.execute(
            "select table_name, column_name from information_schema.columns"
            " where table_schema = 'public' and column_name like '%%sealed'"
        ).fetchall()
    listed = {(one.table, one.column) for one in SEALED_COLUMNS}
    assert set(found) - listed == set()
    assert listed - set(found) == {("idempotency_keys", "body")}


async def test_rewrapping_opens_with_the_new_key_alone_and_moves_no_value(
    books: Books, database: Database
) -> None:
    before = books.sql(_PHONES, books.org)
    await Rotation(database, FileRing({"k2": NEW, "k1": OLD})).rewrap()
    assert books.sql(_PHONES, books.org) == before
    assert len(await books.phones(Vault(database, {"k2": NEW}))) == 5
    with pytest.raises(SealBroken, match="not configured"):
        await books.phones(Vault(database, {"k1": OLD}))


async def test_an_installation_moves_to_a_key_service_without_its_ring(
    books: Books, database: Database
) -> None:
    kms = AwsKms(
        endpoint="http://kms.test",
        key_id="alias/kauri",
        keys=AwsKeys(access_key=ACCESS_KEY, secret_key=SECRET_KEY, region="eu-west-1"),
        transport=httpx.ASGITransport(Kms().app()),
    )
    rotation = Rotation(database, Chain([kms, FileRing({"k1": OLD})]))
    await rotation.rewrap()
    await rotation.renew(settle=0)
    assert len(await books.phones(Vault(database, kms))) == 5


async def test_renewing_seals_every_value_under_a_new_data_key(
    books: Books, database: Database
) -> None:
    answer = await books.seal("response", "{}")
    books.sql(_RESPONSE, books.org, ids.mint("key"), answer)
    old = books.seals()
    count = await Rotation(database, FileRing({"k1": OLD})).renew(settle=0)
    assert count >= 11
    assert books.seals().isdisjoint(old)
    assert len(await books.phones(Vault(database, {"k1": OLD}))) == 5
    retired = books.sql(
        "select id from data_keys where org_id = %s and retired_at is not null", books.org
    )
    assert {row[0] for row in retired} == old


async def test_what_an_old_process_sealed_meanwhile_still_opens(
    books: Books, database: Database
) -> None:
    rotation = Rotation(database, FileRing({"k1": OLD}))
    await rotation.renew(settle=0)
    await books.user("254700000009")
    assert "254700000009" in await books.phones(Vault(database, {"k1": OLD}))
    await rotation.renew(settle=0)
    assert len(books.seals()) == 1


async def test_a_process_opens_what_a_key_sealed_that_it_has_not_heard_of(
    books: Books, database: Database
) -> None:
    early = Vault(database, {"k1": OLD})
    assert len(await books.phones(early)) == 5
    await Rotation(database, FileRing({"k1": OLD})).renew(settle=0)
    assert len(await books.phones(early)) == 5


async def test_values_are_sealed_and_opened_all_the_while(books: Books, database: Database) -> None:
    """Twenty callers on a pool of ten, through two whole rotations; each may hold a connection."""
    ring = {"k2": NEW, "k1": OLD}
    vaults = [Vault(database, ring), Vault(database, ring)]
    before, stop = books.sql(_PHONES, books.org), asyncio.Event()

    async def caller(number: int) -> int:
        rounds = 0
        while not stop.is_set():
            async with database.scoped(books.org, False):
                sealed = await books.sealed_by(vaults[number % 2], str(number))
                opened = await books.opened_by(vaults[number % 2 - 1], sealed)
            assert opened == str(number)
            await books.opened_by(vaults[number % 2], before[number % 5][1])
            rounds += 1
        return rounds

    callers = [asyncio.create_task(caller(number)) for number in range(20)]
    rotation = Rotation(database, FileRing(ring))
    for _ in range(2):
        await rotation.rewrap()
        await rotation.renew(settle=0.1)
    stop.set()
    assert min(await asyncio.gather(*callers)) > 0


class Meddling(FileRing):
    """Changes the rows while their data key is being opened: after they were read."""

    def __init__(self, books: Books, sealed: bytes) -> None:
        super().__init__({"k1": OLD})
        self._books, self._sealed = books, sealed

    async def unwrap(self, wrapped: Wrapped, *, org: UUID) -> bytes:
        change = "update authorised_users set phone_sealed = %s where phone_sealed <> %s"
        self._books.sql(change, self._sealed, self._sealed)
        return await super().unwrap(wrapped, org=org)


async def test_a_value_that_changes_meanwhile_is_not_taken_back(
    books: Books, database: Database
) -> None:
    later = await books.seal("user_phone", "254799999999")
    await Rotation(database, Meddling(books, later)).renew(settle=0)
    assert await books.phones(Vault(database, {"k1": OLD})) == {"254799999999"}


async def test_a_lookup_is_the_same_after_rotation(books: Books, database: Database) -> None:
    before = await books.vault.lookup(books.org, livemode=False, value="254700000001")
    await Rotation(database, FileRing({"k1": OLD})).renew(settle=0)
    later = Vault(database, {"k1": OLD})
    assert await later.lookup(books.org, livemode=False, value="254700000001") == before


async def test_a_new_key_is_heard_of_in_the_background_and_believed_in_time(
    books: Books, database: Database
) -> None:
    now = [0.0]
    keys = DataKeys(database, FileRing({"k1": OLD}), clock=lambda: now[0])
    scope = (books.org, False)
    first, _ = await keys.newest(scope)
    await Rotation(database, FileRing({"k1": OLD})).renew(settle=0)
    assert (await keys.newest(scope))[0] == first
    now[0] = REFRESHED
    assert (await keys.newest(scope))[0] == first
    await keys.settled()
    second, _ = await keys.newest(scope)
    assert second != first
    await Rotation(database, FileRing({"k1": OLD})).renew(settle=0)
    now[0] = REFRESHED + BELIEVED
    assert (await keys.newest(scope))[0] not in {first, second}


async def test_a_wrapped_data_key_of_another_organisation_does_not_open(
    books: Books, database: Database, urls: Urls
) -> None:
    other = Books(urls, books.vault)
    await other.user("254711111111")
    books.sql(
        "update data_keys d set wrapped = o.wrapped from data_keys o"
        " where d.org_id = %s and o.org_id = %s", books.org, other.org,
    )  # fmt: skip
    with pytest.raises((SealBroken, KeyRefused)):
        await books.phones(Vault(database, {"k1": OLD}))
