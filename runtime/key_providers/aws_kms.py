"""Key-encryption keys in AWS KMS, or whatever speaks its JSON protocol.

The encryption context binds a wrapped key to its organisation: KMS refuses to open it with
another one, and writes the context into its own audit log.
"""

import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from runtime.key_providers.calls import Caller
from runtime.key_providers.contract import KeysAway, Wrapped
from runtime.key_providers.sigv4 import AwsKeys, signed

_PREFIX = "aws-kms:"
_TYPE = "application/x-amz-json-1.1"


def _now() -> datetime:
    return datetime.now(UTC)


class AwsKms:
    """Wraps under one key of KMS; KMS finds by itself the version an older wrap was made with."""

    def __init__(
        self,
        *,
        endpoint: str,
        key_id: str,
        keys: AwsKeys,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._url = endpoint.rstrip("/") + "/"
        self._key_id = key_id
        self._keys = keys
        self._caller = Caller("AWS KMS", transport)
        self._now = now

    def holds(self, kek: str) -> bool:
        """Every key of this service: which one a wrap needs stands in the wrap."""
        return kek.startswith(_PREFIX)

    async def wrap(self, key: bytes, *, org: UUID) -> Wrapped:
        """TrentService.Encrypt under the configured key."""
        asked = {"KeyId": self._key_id, "Plaintext": base64.b64encode(key).decode()}
        answer = await self._call("Encrypt", {**asked, "EncryptionContext": _context(org)})
        return Wrapped(kek=f"{_PREFIX}{self._key_id}", sealed=_bytes(answer, "CiphertextBlob"))

    async def unwrap(self, wrapped: Wrapped, *, org: UUID) -> bytes:
        """TrentService.Decrypt, by the key the wrap names and no other."""
        asked = {
            "KeyId": wrapped.kek.removeprefix(_PREFIX),
            "CiphertextBlob": base64.b64encode(wrapped.sealed).decode(),
        }
        answer = await self._call("Decrypt", {**asked, "EncryptionContext": _context(org)})
        return _bytes(answer, "Plaintext")

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._caller.aclose()

    async def _call(self, action: str, document: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps(document).encode()
        headers = signed(
            self._url,
            service="kms",
            headers={"Content-Type": _TYPE, "X-Amz-Target": f"TrentService.{action}"},
            body=body,
            keys=self._keys,
            now=self._now(),
        )
        return await self._caller.post(self._url, headers=headers, body=body)


def _context(org: UUID) -> dict[str, str]:
    return {"kauri:org": org.hex}


def _bytes(answer: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(answer[name], validate=True)
    except (KeyError, TypeError, binascii.Error):
        raise KeysAway(f"AWS KMS answers without {name}") from None
