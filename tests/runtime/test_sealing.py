"""What is sealed opens only with its key, for its organisation and its field."""

from uuid import UUID

import psycopg
import pytest
from temporalio.api.common.v1 import Payload

from models import ids
from runtime.codec import CodecKeyMissing, SealingCodec, sealed_only
from runtime.database import Database
from runtime.vault import SealBroken, Vault, lookup
from tests.conftest import Urls

OLD, NEW = {"k1": b"1" * 32}, {"k2": b"2" * 32, "k1": b"1" * 32}
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'{"payer": "254711902837"}')


@pytest.fixture
def org(urls: Urls) -> UUID:
    made = ids.uuid7()
    with psycopg.connect(urls.admin) as connection:
        connection.execute("insert into orgs (id, kind, name) values (%s, 'merchant', 'M')", [made])
    return made


async def test_a_payload_is_unreadable_until_it_is_opened() -> None:
    codec = SealingCodec(OLD)
    sealed = await codec.encode([PLAIN])
    assert b"254711902837" not in sealed[0].SerializeToString()
    assert sealed_only(sealed)
    assert await codec.decode(sealed) == [PLAIN]


async def test_old_histories_still_open_after_a_new_key_is_put_first() -> None:
    sealed = await SealingCodec(OLD).encode([PLAIN])
    assert await SealingCodec(NEW).decode(sealed) == [PLAIN]
    assert (await SealingCodec(NEW).encode([PLAIN]))[0].metadata["key"] == b"k2"


async def test_a_payload_of_an_unknown_key_or_an_altered_one_fails_closed() -> None:
    sealed = (await SealingCodec(NEW).encode([PLAIN]))[0]
    with pytest.raises(CodecKeyMissing, match="k2"):
        await SealingCodec(OLD).decode([sealed])
    altered = Payload(metadata=sealed.metadata, data=sealed.data[:-1] + b"\0")
    with pytest.raises(CodecKeyMissing, match="altered"):
        await SealingCodec(NEW).decode([altered])


async def test_a_sealed_value_opens_for_its_organisation_and_field_only(
    vault: Vault, org: UUID
) -> None:
    sealed = await vault.seal(org, livemode=False, field="payer", plain=b"254711902837")
    assert await vault.unseal(org, livemode=False, field="payer", sealed=sealed) == b"254711902837"
    with pytest.raises(SealBroken):
        await vault.unseal(org, livemode=False, field="start", sealed=sealed)
    with pytest.raises(SealBroken):
        await vault.unseal(org, livemode=True, field="payer", sealed=sealed)


async def test_a_data_key_outlives_the_process_that_made_it(database: Database, org: UUID) -> None:
    first, later = Vault(database, OLD), Vault(database, NEW)
    sealed = await first.seal(org, livemode=False, field="payer", plain=b"p")
    assert await later.unseal(org, livemode=False, field="payer", sealed=sealed) == b"p"


async def test_a_data_key_wrapped_by_a_key_we_do_not_hold_stays_closed(
    database: Database, org: UUID
) -> None:
    await Vault(database, OLD).seal(org, livemode=False, field="payer", plain=b"p")
    with pytest.raises(SealBroken, match="not configured"):
        await Vault(database, {"k9": b"9" * 32}).seal(org, livemode=False, field="payer", plain=b"")


def test_a_payer_is_found_again_inside_one_organisation_only() -> None:
    here, there = ids.uuid7(), ids.uuid7()
    assert lookup(b"s", here, "254") == lookup(b"s", here, "254") != lookup(b"s", there, "254")
