"""Envelope encryption of personal data at rest: AES-256-GCM, one data key per organisation.

A sealed value is `key id (16 bytes) ‖ nonce (12) ‖ ciphertext`. The additional data binds
organisation and field, so a ciphertext moved elsewhere fails to open.
"""

import hashlib
import hmac
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.ids import uuid7
from runtime.database import Database

_FIND = (
    "select id, org_id, livemode, kek, wrapped from data_keys where org_id = %s and livemode = %s"
)
_ADD = """insert into data_keys (id, org_id, livemode, kek, wrapped) values (%s, %s, %s, %s, %s)
          on conflict (org_id, livemode) do nothing"""


class SealBroken(Exception):
    """A sealed value cannot be opened: wrong key, wrong organisation or field, or altered."""


class Vault:
    """Seals and opens. Data keys are unwrapped once and kept in memory.

    A data key is made in a transaction of its own: were it made inside the caller's, a
    rollback would leave the key in memory and nowhere else.
    """

    def __init__(self, database: Database, keys: dict[str, bytes]) -> None:
        self._database = database
        self._keys = keys
        self._newest = next(iter(keys))
        self._data_keys: dict[tuple[UUID, bool], tuple[UUID, bytes]] = {}

    async def seal(self, org: UUID, *, livemode: bool, field: str, plain: bytes) -> bytes:
        """Encrypt one field of one organisation; makes its data key at first use."""
        key_id, key = await self._data_key(org, livemode=livemode)
        nonce = os.urandom(12)
        return key_id.bytes + nonce + AESGCM(key).encrypt(nonce, plain, _bound(org, field))

    async def unseal(self, org: UUID, *, livemode: bool, field: str, sealed: bytes) -> bytes:
        """Decrypt; raises SealBroken."""
        key_id, key = await self._data_key(org, livemode=livemode)
        if key_id.bytes != sealed[:16]:
            raise SealBroken("sealed under a data key this organisation does not have")
        try:
            return AESGCM(key).decrypt(sealed[16:28], sealed[28:], _bound(org, field))
        except (InvalidTag, ValueError) as error:
            raise SealBroken(f"field {field} cannot be opened") from error

    async def lookup(self, org: UUID, *, livemode: bool, value: str) -> bytes:
        """An HMAC under the organisation's data key, by which a sealed address is found again."""
        _, key = await self._data_key(org, livemode=livemode)
        return hmac.new(key, b"lookup/" + value.encode(), hashlib.sha256).digest()

    async def _data_key(self, org: UUID, *, livemode: bool) -> tuple[UUID, bytes]:
        known = self._data_keys.get((org, livemode))
        if known is None:
            known = await self._load(org, livemode=livemode)
            self._data_keys[org, livemode] = known
        return known

    async def _load(self, org: UUID, *, livemode: bool) -> tuple[UUID, bytes]:
        async with self._database.scoped(org, livemode) as connection:
            row = await (await connection.execute(_FIND, [org, livemode])).fetchone()
            if row is None:
                fresh = self._wrap(os.urandom(32), org)
                await connection.execute(_ADD, [uuid7(), org, livemode, self._newest, fresh])
                row = await (await connection.execute(_FIND, [org, livemode])).fetchone()
        if row is None or row["kek"] not in self._keys:
            raise SealBroken("the key that wraps this organisation's data key is not configured")
        wrapped = row["wrapped"]
        key = AESGCM(self._keys[row["kek"]]).decrypt(wrapped[:12], wrapped[12:], org.bytes)
        return row["id"], key

    def _wrap(self, key: bytes, org: UUID) -> bytes:
        nonce = os.urandom(12)
        return nonce + AESGCM(self._keys[self._newest]).encrypt(nonce, key, org.bytes)


def _bound(org: UUID, field: str) -> bytes:
    return org.bytes + b"/" + field.encode()


def lookup(secret: bytes, org: UUID, value: str) -> bytes:
    """The HMAC by which a sealed value is found again inside one organisation."""
    return hmac.new(secret, org.bytes + value.encode(), hashlib.sha256).digest()
