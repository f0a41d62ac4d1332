"""One product's line to MTN: its token, its subscription key and environment on every call."""

from collections.abc import Mapping
from typing import Any

import httpx

from providers.bearer import refused_for_its_token
from providers.http import Answer, Line, Patience
from providers.momo.errors import read_error
from providers.momo.settings import MomoSettings, Product
from providers.momo.token import bearer

_STALE = refused_for_its_token(read_error)


class Connection:
    """Calls of one product; one refused for its token is repeated once, with a new token."""

    def __init__(
        self,
        settings: MomoSettings,
        product: Product,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )
        self._bearer = bearer(self._line, product)
        self._headers = {
            "Ocp-Apim-Subscription-Key": product.subscription_key,
            "X-Target-Environment": settings.target_environment,
        }

    async def call(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Call once. Raises TokenRefused, Unreachable or Ambiguous."""

        async def ask(token: str) -> Answer:
            sent = {**(headers or {}), **self._headers, "Authorization": f"Bearer {token}"}
            return await self._line.send(method, path, headers=sent, json=body)

        return await self._bearer.call(ask, stale=_STALE)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()
