"""One merchant's line to Camtel: its token, renewed once where it is refused."""

from collections.abc import Mapping
from typing import Any

import httpx

from providers.bearer import Bearer, Token, by_credentials, refused_for_its_token
from providers.camtel.messages import read_error
from providers.camtel.settings import CamtelSettings
from providers.http import Answer, Line, Patience

TOKEN = "/oauth/token"  # noqa: S105 - a path

_STALE = refused_for_its_token(read_error)


class Connection:
    """Sends what the merchant asks, each call once."""

    def __init__(
        self, settings: CamtelSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )
        self._bearer = Bearer(self._fetch)

    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, key: str = ""
    ) -> Answer:
        """Call once. `key`: Idempotency-Key. Raises Unreachable, Ambiguous or TokenRefused."""

        async def ask(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}"}
            if key:
                headers["Idempotency-Key"] = key
            return await self._line.send(method, path, headers=headers, json=body)

        return await self._bearer.call(ask, stale=_STALE)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    async def _fetch(self) -> Token:
        return await by_credentials(
            self._line,
            TOKEN,
            user=self._settings.client_id,
            secret=self._settings.client_secret.get_secret_value(),
            refusal=read_error,
        )
