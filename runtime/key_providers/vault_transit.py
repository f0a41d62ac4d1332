"""Key-encryption keys in HashiCorp Vault's transit engine, or whatever speaks its API.

The key must be made with `derived=true`: then the context, the organisation, is part of the
key itself and a wrap of one organisation does not open for another.
"""

import base64
import binascii
import json
from typing import Any
from uuid import UUID

import httpx

from runtime.key_providers.calls import Caller
from runtime.key_providers.contract import KeysAway, Wrapped

_PREFIX = "transit:"


class VaultTransit:
    """Wraps under one transit key, in its newest version; older versions still unwrap."""

    def __init__(
        self,
        *,
        address: str,
        key: str,
        token: str,
        mount: str = "transit",
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base = f"{address.rstrip('/')}/v1/{mount}"
        self._key = key
        self._headers = {"X-Vault-Token": token, "Content-Type": "application/json"}
        self._caller = Caller("Vault", transport)

    def holds(self, kek: str) -> bool:
        """Every key of this engine."""
        return kek.startswith(_PREFIX)

    async def wrap(self, key: bytes, *, org: UUID) -> Wrapped:
        """POST /v1/transit/encrypt/{key}."""
        asked = {"plaintext": base64.b64encode(key).decode(), "context": _context(org)}
        text = _text(await self._call(f"encrypt/{self._key}", asked), "ciphertext")
        return Wrapped(kek=f"{_PREFIX}{self._key}", sealed=text.encode())

    async def unwrap(self, wrapped: Wrapped, *, org: UUID) -> bytes:
        """POST /v1/transit/decrypt/{key}, with the key the wrap names."""
        asked = {"ciphertext": wrapped.sealed.decode(), "context": _context(org)}
        name = wrapped.kek.removeprefix(_PREFIX)
        text = _text(await self._call(f"decrypt/{name}", asked), "plaintext")
        try:
            return base64.b64decode(text, validate=True)
        except binascii.Error:
            raise KeysAway("Vault answers no base64") from None

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._caller.aclose()

    async def _call(self, path: str, document: dict[str, Any]) -> dict[str, Any]:
        return await self._caller.post(
            f"{self._base}/{path}", headers=self._headers, body=json.dumps(document).encode()
        )


def _context(org: UUID) -> str:
    return base64.b64encode(org.bytes).decode()


def _text(answer: dict[str, Any], name: str) -> str:
    data = answer.get("data")
    found = data.get(name) if isinstance(data, dict) else None
    if not isinstance(found, str):
        raise KeysAway(f"Vault answers without {name}")
    return found
