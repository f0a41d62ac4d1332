"""Key services: what one organisation wraps no other opens; a moved installation still opens all.

The expected signatures of the first tests are AWS's own, from its published Signature Version 4
test suite (get-vanilla and post-vanilla).
"""

import base64
from datetime import UTC, datetime

import httpx
import pytest

from models import ids
from runtime.key_providers.aws_kms import AwsKms
from runtime.key_providers.chain import Chain
from runtime.key_providers.chosen import key_provider
from runtime.key_providers.contract import KeyProvider, KeyRefused, KeysAway, Wrapped
from runtime.key_providers.file_ring import FileRing
from runtime.key_providers.sigv4 import AwsKeys, signed
from runtime.key_providers.vault_transit import VaultTransit
from runtime.settings import Settings
from simulators.kms import ACCESS_KEY, SECRET_KEY, TOKEN, Kms

SUITE = AwsKeys(
    access_key="AKIDEXAMPLE",
    secret_key="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    region="us-east-1",
)
KEY, HERE, THERE = b"k" * 32, ids.uuid7(), ids.uuid7()


@pytest.mark.parametrize(
    ("method", "signature"),
    [
        ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ],
)
def test_requests_are_signed_as_aws_publishes(method: str, signature: str) -> None:
    headers = signed(
        "https://example.amazonaws.com/",
        method=method,
        service="service",
        headers={},
        body=b"",
        keys=SUITE,
        now=datetime(2015, 8, 30, 12, 36, tzinfo=UTC),
    )
    assert headers["authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}"
    )


def aws(kms: Kms, *, secret: str = SECRET_KEY, key_id: str = "alias/kauri") -> AwsKms:
    return AwsKms(
        endpoint="http://kms.test",
        key_id=key_id,
        keys=AwsKeys(access_key=ACCESS_KEY, secret_key=secret, region="eu-west-1"),
        transport=httpx.ASGITransport(kms.app()),
    )


def transit(kms: Kms, *, token: str = TOKEN) -> VaultTransit:
    transport = httpx.ASGITransport(kms.app())
    return VaultTransit(address="http://vault.test", key="kauri", token=token, transport=transport)


def services() -> list[tuple[Kms, KeyProvider]]:
    first, second = Kms(), Kms()
    return [(first, aws(first)), (second, transit(second))]


@pytest.mark.parametrize("place", [0, 1], ids=["aws-kms", "vault-transit"])
async def test_a_wrap_opens_for_its_organisation_and_for_no_other(place: int) -> None:
    _, provider = services()[place]
    wrapped = await provider.wrap(KEY, org=HERE)
    assert KEY not in wrapped.sealed
    assert await provider.unwrap(wrapped, org=HERE) == KEY
    with pytest.raises(KeyRefused):
        await provider.unwrap(wrapped, org=THERE)


@pytest.mark.parametrize("place", [0, 1], ids=["aws-kms", "vault-transit"])
async def test_a_service_that_rotated_its_key_opens_what_the_old_one_wrapped(place: int) -> None:
    kms, provider = services()[place]
    wrapped = await provider.wrap(KEY, org=HERE)
    kms.rotate("alias/kauri")
    kms.rotate("kauri")
    assert await provider.unwrap(wrapped, org=HERE) == KEY
    assert (await provider.wrap(KEY, org=HERE)).sealed != wrapped.sealed


@pytest.mark.parametrize("place", [0, 1], ids=["aws-kms", "vault-transit"])
async def test_a_service_that_is_away_is_told_from_one_that_refuses(place: int) -> None:
    kms, provider = services()[place]
    kms.down = True
    with pytest.raises(KeysAway):
        await provider.wrap(KEY, org=HERE)


@pytest.mark.parametrize(
    "provider", [aws(Kms(), secret="another"), transit(Kms(), token="another")]
)
async def test_a_service_refuses_who_it_does_not_know(provider: KeyProvider) -> None:
    with pytest.raises(KeyRefused, match="40"):
        await provider.wrap(KEY, org=HERE)


async def test_an_error_quotes_neither_key_nor_token() -> None:
    def broken(_request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"{TOKEN} {KEY.decode()}")

    provider = VaultTransit(
        address="http://vault.test", key="k", token=TOKEN, transport=httpx.MockTransport(broken)
    )
    with pytest.raises(KeysAway) as told:
        await provider.wrap(KEY, org=HERE)
    assert TOKEN not in str(told.value)
    assert KEY.decode() not in str(told.value)


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"data": null}', b'{"data": {"ciphertext": 3}}', b"\xff"]
)
async def test_an_answer_nobody_can_read_wraps_nothing(body: bytes) -> None:
    transport = httpx.MockTransport(lambda _request: httpx.Response(200, content=body))
    provider = VaultTransit(address="http://v.test", key="k", token="t", transport=transport)
    with pytest.raises(KeysAway):
        await provider.wrap(KEY, org=HERE)


async def test_the_file_ring_wraps_with_its_first_key_and_opens_with_all() -> None:
    old, new = FileRing({"k1": b"1" * 32}), FileRing({"k2": b"2" * 32, "k1": b"1" * 32})
    wrapped = await old.wrap(KEY, org=HERE)
    assert await new.unwrap(wrapped, org=HERE) == KEY
    assert (await new.wrap(KEY, org=HERE)).kek == "k2"
    with pytest.raises(KeyRefused):
        await new.unwrap(wrapped, org=THERE)


async def test_an_installation_that_moves_opens_what_the_old_provider_wrapped() -> None:
    ring = FileRing({"k1": b"1" * 32})
    moved = Chain([aws(Kms()), ring])
    wrapped = await ring.wrap(KEY, org=HERE)
    assert await moved.unwrap(wrapped, org=HERE) == KEY
    assert (await moved.wrap(KEY, org=HERE)).kek == "aws-kms:alias/kauri"
    assert not moved.holds("k9")
    with pytest.raises(KeyRefused, match="not configured"):
        await moved.unwrap(Wrapped(kek="k9", sealed=b""), org=HERE)


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"vault_provider": "aws-kms"}, "KAURI_KMS_ACCESS_KEY"),
        ({"vault_provider": "vault-transit"}, "KAURI_TRANSIT_ADDRESS"),
        ({"vault_keys": ""}, "KAURI_VAULT_KEYS"),
    ],
)
def test_a_missing_setting_is_named(given: dict[str, str], missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        key_provider(Settings(env="test", **given))  # type: ignore[arg-type]  # fields by name


def test_the_chosen_service_comes_first_and_the_ring_behind_it() -> None:
    key = base64.b64encode(b"1" * 32).decode()
    provider = key_provider(
        Settings(
            env="test",
            vault_provider="vault-transit",
            vault_keys=f"old:{key}",
            transit_address="https://vault.example",
            transit_key="kauri",
            transit_token="t",
        )
    )
    assert provider.holds("transit:kauri")
    assert provider.holds("old")
