"""A merchant's client as it should be: it repeats what it is unsure of, with the same key."""

import asyncio
from typing import Any

import httpx

_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_PATIENCE = 90.0


class Refused(Exception):
    """The API refused for good."""


class Shop:
    """Calls the API until it answers."""

    def __init__(self, api: str, key: str) -> None:
        self._key = key
        self._http = httpx.AsyncClient(base_url=api, timeout=15.0)

    async def aclose(self) -> None:
        """Close connections."""
        await self._http.aclose()

    async def post(self, path: str, body: dict[str, Any], key: str) -> bytes:
        """The answer's bytes, however often it takes. Raises Refused or TimeoutError."""
        return await self._until_answered("POST", path, key=key, json=body)

    async def send(self, path: str, file: str, key: str) -> bytes:
        """The same for a file."""
        return await self._until_answered("POST", path, key=key, content=file)

    async def read(self, path: str) -> bytes:
        """What stands there. Raises Refused or TimeoutError."""
        return await self._until_answered("GET", path)

    async def _until_answered(self, method: str, path: str, *, key: str = "", **body: Any) -> bytes:
        headers = {"Authorization": f"Bearer {self._key}"}
        if key:
            headers["Idempotency-Key"] = key
        async with asyncio.timeout(_PATIENCE):
            while True:
                answer = await self._tried(method, path, headers, body)
                if answer is not None:
                    return answer
                await asyncio.sleep(0.1)

    async def _tried(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, Any]
    ) -> bytes | None:
        try:
            answer = await self._http.request(method, path, headers=headers, **body)
        except httpx.TransportError:
            return None
        if answer.status_code in _AGAIN or _in_flight(answer):
            return None
        if answer.is_error:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer.content


def _in_flight(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and "idempotency_in_flight" in answer.text
