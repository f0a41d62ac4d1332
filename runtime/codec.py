"""Nothing readable in Temporal: every payload is sealed with AES-256-GCM before it leaves."""

import os
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

ENCODING = b"binary/kauri-aes-gcm"


class CodecKeyMissing(Exception):
    """A payload was sealed under a key this process does not hold, or was altered."""


class SealingCodec(PayloadCodec):
    """Encrypts under the first key; decrypts under any. Keys outlive history retention."""

    def __init__(self, keys: dict[str, bytes]) -> None:
        self._newest = next(iter(keys))
        self._ciphers = {name: AESGCM(key) for name, key in keys.items()}

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Seal each payload, metadata included."""
        return [self._seal(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Open what was sealed; anything else passes as it is. Raises CodecKeyMissing."""
        return [self._open(payload) for payload in payloads]

    def _seal(self, payload: Payload) -> Payload:
        nonce = os.urandom(12)
        name = self._newest.encode()
        sealed = self._ciphers[self._newest].encrypt(nonce, payload.SerializeToString(), name)
        return Payload(metadata={"encoding": ENCODING, "key": name}, data=nonce + sealed)

    def _open(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        name = payload.metadata["key"]
        cipher = self._ciphers.get(name.decode())
        if cipher is None:
            raise CodecKeyMissing(f"payload key {name.decode()!r} is not in KAURI_CODEC_KEYS")
        try:
            plain = cipher.decrypt(payload.data[:12], payload.data[12:], name)
        except InvalidTag as error:
            raise CodecKeyMissing("a sealed payload was altered") from error
        return Payload.FromString(plain)


def sealed_only(payloads: Iterable[Payload]) -> bool:
    """True when every payload is sealed (for tests and the canary check)."""
    return all(payload.metadata.get("encoding") == ENCODING for payload in payloads)
