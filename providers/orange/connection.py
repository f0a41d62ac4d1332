"""One merchant's line to Orange: its token, renewed once where it is refused."""

from collections.abc import Mapping
from typing import Any

import httpx

from providers.bearer import Bearer, Token, by_credentials, refused_for_its_token
from providers.http import Answer, Line, Patience
from providers.orange.errors import read_error
from providers.orange.settings import OrangeSettings

TOKEN = "/oauth/v3/token"  # noqa: S105 - a path

_STALE = refused_for_its_token(read_error)


class Connection:
    """Posts with a token. How long it lives is obeyed as told: an hour or ninety days."""

    def __init__(
        self, settings: OrangeSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )
        self._bearer = Bearer(self._fetch)

    async def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        """Post once. Raises Unreachable, Ambiguous or TokenRefused."""

        async def ask(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}"}
            return await self._line.send("POST", path, headers=headers, json=body)

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
