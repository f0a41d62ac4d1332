"""The key provider the settings ask for."""

from typing import TypeVar

from runtime.key_providers.aws_kms import AwsKms
from runtime.key_providers.chain import Chain
from runtime.key_providers.contract import KeyProvider
from runtime.key_providers.file_ring import FileRing
from runtime.key_providers.sigv4 import AwsKeys
from runtime.key_providers.vault_transit import VaultTransit
from runtime.settings import Settings, keyring

_T = TypeVar("_T")


def key_provider(settings: Settings) -> KeyProvider:
    """The chosen one first; the file ring behind it opens what it wrapped before.

    Raises ValueError naming the setting that is missing.
    """
    ring = [FileRing(keyring(settings.vault_keys))] if settings.vault_keys else []
    if settings.vault_provider == "file":
        return _needed(Chain(ring) if ring else None, "KAURI_VAULT_KEYS")
    first = _kms(settings) if settings.vault_provider == "aws-kms" else _transit(settings)
    return Chain([first, *ring])


def _kms(settings: Settings) -> KeyProvider:
    keys = AwsKeys(
        access_key=_needed(settings.kms_access_key, "KAURI_KMS_ACCESS_KEY"),
        secret_key=_needed(settings.kms_secret_key.get_secret_value(), "KAURI_KMS_SECRET_KEY"),
        region=_needed(settings.kms_region, "KAURI_KMS_REGION"),
        session=settings.kms_session.get_secret_value(),
    )
    return AwsKms(
        endpoint=settings.kms_endpoint or f"https://kms.{settings.kms_region}.amazonaws.com",
        key_id=_needed(settings.kms_key, "KAURI_KMS_KEY"),
        keys=keys,
    )


def _transit(settings: Settings) -> KeyProvider:
    return VaultTransit(
        address=_needed(settings.transit_address, "KAURI_TRANSIT_ADDRESS"),
        key=_needed(settings.transit_key, "KAURI_TRANSIT_KEY"),
        token=_needed(settings.transit_token.get_secret_value(), "KAURI_TRANSIT_TOKEN"),
        mount=settings.transit_mount,
    )


def _needed(value: _T | None, name: str) -> _T:
    if not value:
        raise ValueError(f"{name} is not set")
    return value
