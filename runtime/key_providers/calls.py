"""One HTTP call to a key service: a deadline, and every trouble as one of two words.

Neither keys nor tokens stand in an error: only the kind of trouble and the status do.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx

from runtime.key_providers.contract import KeyRefused, KeysAway

#: Seconds. A data key is unwrapped once per process, so nobody waits for this twice.
_DEADLINE = 10.0


class Caller:
    """Posts JSON to one key service."""

    def __init__(self, name: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._name = name
        self._http = httpx.AsyncClient(
            transport=transport, timeout=_DEADLINE, trust_env=False, follow_redirects=False
        )

    async def post(self, url: str, *, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        """The answer's JSON. Raises KeyRefused for a 4xx, KeysAway for anything else amiss."""
        try:
            async with asyncio.timeout(_DEADLINE):
                answer = await self._http.post(url, headers=dict(headers), content=body)
        except (httpx.HTTPError, TimeoutError, OSError) as error:
            raise KeysAway(f"{self._name}: {type(error).__name__}") from None
        if answer.status_code in {408, 429} or answer.status_code >= 500:
            raise KeysAway(f"{self._name} answers {answer.status_code}")
        if answer.status_code != 200:
            raise KeyRefused(f"{self._name} refuses with {answer.status_code}")
        return self._read(answer.content)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._http.aclose()

    def _read(self, body: bytes) -> dict[str, Any]:
        try:
            document = json.loads(body)
        except ValueError:
            raise KeysAway(f"{self._name} answers no JSON") from None
        if not isinstance(document, dict):
            raise KeysAway(f"{self._name} answers no object")
        return document
