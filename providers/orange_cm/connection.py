"""One channel's line to the core API: gateway token and the API's own user on every call."""

from collections.abc import Mapping
from typing import Any

import httpx

from providers.bearer import Bearer, Token, by_credentials, refused_for_its_token
from providers.http import Answer, Line, Patience, basic
from providers.orange.errors import read_error
from providers.orange_cm.settings import OrangeCmSettings

TOKEN = "/token"  # noqa: S105 - a path
BASE = "/omcoreapis/1.0.2"

_STALE = refused_for_its_token(read_error)


class Connection:
    """Calls with a token; one refused for its token is repeated once, with a new one."""

    def __init__(
        self, settings: OrangeCmSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._user = basic(settings.api_username, settings.api_password.get_secret_value())
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )
        self._bearer = Bearer(self._fetch)

    async def call(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Call once. Raises Unreachable, Ambiguous or TokenRefused."""

        async def ask(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}", "X-AUTH-TOKEN": self._user}
            return await self._line.send(method, f"{BASE}{path}", headers=headers, json=body)

        return await self._bearer.call(ask, stale=_STALE)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    async def _fetch(self) -> Token:
        return await by_credentials(
            self._line,
            TOKEN,
            user=self._settings.consumer_key,
            secret=self._settings.consumer_secret.get_secret_value(),
            refusal=read_error,
        )
