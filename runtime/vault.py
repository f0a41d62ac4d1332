"""Envelope encryption of personal data and secrets at rest: AES-256-GCM under data keys.

A sealed value is `key id (16 bytes) ‖ nonce (12) ‖ ciphertext`. The additional data binds
organisation and field, so a ciphertext moved elsewhere fails to open.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.data_keys import DataKeys, SealBroken
from runtime.database import Database
from runtime.key_providers.contract import KeyProvider
from runtime.key_providers.file_ring import FileRing

__all__ = ["SealBroken", "Vault", "lookup"]


class Vault:
    """Seals and opens. `keys`: where key-encryption keys are kept; a mapping is a file ring.

    Both raise KeysAway while the key provider is away and a data key was not opened yet.
    """

    def __init__(self, database: Database, keys: KeyProvider | Mapping[str, bytes]) -> None:
        provider = FileRing(keys) if isinstance(keys, Mapping) else keys
        self._keys = DataKeys(database, provider)

    async def seal(self, org: UUID, *, livemode: bool, field: str, plain: bytes) -> bytes:
        """Encrypt one field of one organisation; makes its data key at first use."""
        key_id, key = await self._keys.newest((org, livemode))
        nonce = os.urandom(12)
        return key_id.bytes + nonce + AESGCM(key).encrypt(nonce, plain, _bound(org, field))

    async def unseal(self, org: UUID, *, livemode: bool, field: str, sealed: bytes) -> bytes:
        """Decrypt, with the data key the value names; raises SealBroken."""
        if len(sealed) < 28:
            raise SealBroken(f"field {field} holds nothing that was sealed")
        key = await self._keys.named((org, livemode), UUID(bytes=bytes(sealed[:16])))
        try:
            return AESGCM(key).decrypt(sealed[16:28], sealed[28:], _bound(org, field))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"field {field} cannot be opened") from error

    async def lookup(self, org: UUID, *, livemode: bool, value: str) -> bytes:
        """An HMAC by which a sealed address is found again, also after its seal was renewed.

        Its key is the organisation's first data key: rotation gives it no other.
        """
        key = await self._keys.first((org, livemode))
        return hmac.new(key, b"lookup/" + value.encode(), hashlib.sha256).digest()


def _bound(org: UUID, field: str) -> bytes:
    return org.bytes + b"/" + field.encode()


def lookup(secret: bytes, org: UUID, value: str) -> bytes:
    """The HMAC by which a sealed value is found again inside one organisation."""
    return hmac.new(secret, org.bytes + value.encode(), hashlib.sha256).digest()
