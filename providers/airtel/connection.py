"""One app's line to Airtel: its token, its country and currency on every call."""

from collections.abc import Mapping
from typing import Any

import httpx

from providers.airtel.envelope import read_error
from providers.airtel.settings import AirtelSettings
from providers.bearer import Bearer, Token, fetched, refused_for_its_token
from providers.http import Answer, Line, Patience

TOKEN = "/auth/oauth2/token"  # noqa: S105 - a path

_STALE = refused_for_its_token(read_error)


class Connection:
    """Calls with a token that lives three minutes; one refused for its token is repeated once."""

    def __init__(
        self, settings: AirtelSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )
        self._bearer = Bearer(self._fetch)

    async def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Call once. Raises Unreachable, Ambiguous or TokenRefused."""

        async def ask(token: str) -> Answer:
            headers = {
                "Authorization": f"Bearer {token}",
                "X-Country": self._settings.country,
                "X-Currency": self._settings.currency,
                "Accept": "*/*",
            }
            return await self._line.send(method, path, headers=headers, json=body, params=params)

        return await self._bearer.call(ask, stale=_STALE)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    async def _fetch(self) -> Token:
        asked = {
            "client_id": self._settings.client_id,
            "client_secret": self._settings.client_secret.get_secret_value(),
            "grant_type": "client_credentials",
        }
        call = self._line.send("POST", TOKEN, headers={"Accept": "*/*"}, json=asked)
        return await fetched(call, refusal=read_error)
