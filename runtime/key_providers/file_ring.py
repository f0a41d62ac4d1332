"""Key-encryption keys from a setting or a file: development, and small installations."""

import os
from collections.abc import Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from runtime.key_providers.contract import KeyRefused, Wrapped


class FileRing:
    """A ring of 32-byte keys by name: the first wraps, all unwrap (AES-256-GCM).

    A wrapped key is `nonce (12 bytes) ‖ ciphertext`; the organisation is its additional data.
    """

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)
        self._newest = next(iter(keys))

    def holds(self, kek: str) -> bool:
        """Whether the ring has a key of this name."""
        return kek in self._keys

    async def wrap(self, key: bytes, *, org: UUID) -> Wrapped:
        """Wrap under the first key of the ring."""
        nonce = os.urandom(12)
        sealed = nonce + AESGCM(self._keys[self._newest]).encrypt(nonce, key, org.bytes)
        return Wrapped(kek=self._newest, sealed=sealed)

    async def unwrap(self, wrapped: Wrapped, *, org: UUID) -> bytes:
        """Open with the key it names. Raises KeyRefused."""
        key, sealed = self._keys[wrapped.kek], wrapped.sealed
        try:
            return AESGCM(key).decrypt(sealed[:12], sealed[12:], org.bytes)
        except (InvalidTag, ValueError) as error:
            raise KeyRefused(f"key {wrapped.kek} does not open this data key") from error

    async def aclose(self) -> None:
        """Nothing is open."""
