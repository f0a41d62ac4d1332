"""Delivers callbacks: one pool of kept-alive connections, a bounded number at a time."""

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import Any

import httpx

_AT_A_TIME = 32
#: Seconds an unused connection is kept: fewer than a server keeps it (uvicorn: five). One that the
#: server closes just as it is used again would cost a callback, which nobody sends twice.
_KEPT = 2.0
#: Makes the headers that prove a body from its bytes.
Proof = Callable[[bytes], Mapping[str, str]]


class Courier:
    """Sends each callback once, as the providers do; what fails is not sent again."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None
        self._turns = asyncio.Semaphore(_AT_A_TIME)

    async def send(
        self,
        method: str,
        url: str,
        body: Mapping[str, Any],
        *,
        form: bool = False,
        proof: Proof | None = None,
    ) -> int:
        """Answer with the HTTP status, 0 where none came. JSON, or a form where asked for."""
        content: dict[str, Any] = {"data": body} if form else {"json": body}
        if proof:
            raw = json.dumps(body).encode()
            content = {
                "content": raw,
                "headers": {"Content-Type": "application/json", **proof(raw)},
            }
        async with self._turns:
            try:
                answer = await self._pool().request(method, url, **content)
            except (httpx.HTTPError, httpx.InvalidURL):
                return 0
            return answer.status_code

    async def ask(self, url: str, body: Mapping[str, Any], *, seconds: float) -> tuple[int, bytes]:
        """Status and body of the answer to a POST; 0 and nothing where none came in time."""
        async with self._turns:
            try:
                async with asyncio.timeout(seconds):
                    answer = await self._pool().post(url, json=body)
            except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
                return 0, b""
            return answer.status_code, answer.content

    async def aclose(self) -> None:
        """Close pooled connections."""
        if self._client:
            await self._client.aclose()
            self._client = None

    def _pool(self) -> httpx.AsyncClient:
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=10,
                trust_env=False,
                limits=httpx.Limits(max_connections=_AT_A_TIME, keepalive_expiry=_KEPT),
            )
        return self._client
