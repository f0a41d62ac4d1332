"""One wallet's line to Wave: the key, and the signature where requests are signed."""

import json
from collections.abc import Mapping
from typing import Any

import httpx

from providers.http import Answer, Line, Patience
from providers.wave.proof import HEADER, signed
from providers.wave.settings import WaveSettings


class Connection:
    """Sends what a wallet asks. The same body is the same bytes: Wave compares them."""

    def __init__(
        self, settings: WaveSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._key = settings.api_key.get_secret_value()
        self._signs_with = settings.signing_secret.get_secret_value()
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Answer:
        """Ask. Raises Unreachable or Ambiguous."""
        return await self._line.send("GET", path, headers=self._headers(b""), params=params)

    async def post(
        self, path: str, body: Mapping[str, Any] | None = None, *, key: str = ""
    ) -> Answer:
        """Send once. `key`: Idempotency-Key. Raises Unreachable or Ambiguous."""
        raw = b"" if body is None else json.dumps(body, separators=(",", ":")).encode()
        headers = self._headers(raw)
        if raw:
            headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        return await self._line.send("POST", path, headers=headers, content=raw)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    def _headers(self, body: bytes) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {self._key}"}
        if self._signs_with:
            headers[HEADER] = signed(self._signs_with, body)
        return headers
