"""One merchant's line to Mastercard Gateway: Basic authentication, no tokens."""

from collections.abc import Mapping
from typing import Any

import httpx

from providers.cards.settings import CardsSettings
from providers.http import Answer, Line, Patience, basic


class Connection:
    """Sends what a merchant asks, under its own part of the gateway."""

    def __init__(
        self, settings: CardsSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        secret = settings.api_password.get_secret_value()
        self._basic = f"Basic {basic(f'merchant.{settings.merchant_id}', secret)}"
        self._path = settings.path
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )

    async def get(self, path: str) -> Answer:
        """Ask. Raises Unreachable or Ambiguous."""
        return await self._line.send("GET", self._path + path, headers=self._headers())

    async def send(self, method: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Send once. Raises Unreachable or Ambiguous."""
        return await self._line.send(method, self._path + path, headers=self._headers(), json=body)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": self._basic}
