"""A connection to Daraja that carries its token."""

from typing import Any

import httpx

from providers.bearer import refused_for_its_token
from providers.http import Answer, Line, Patience
from providers.mpesa.errors import read_error
from providers.mpesa.token import bearer

_STALE = refused_for_its_token(read_error)


class Connection:
    """One app at Daraja. A token refused before acting is renewed once and the call repeated."""

    def __init__(
        self,
        base_url: str,
        *,
        consumer_key: str,
        consumer_secret: str,
        deadline: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._line = Line(base_url, patience=Patience(deadline=deadline), transport=transport)
        self._bearer = bearer(
            self._line, consumer_key=consumer_key, consumer_secret=consumer_secret
        )

    async def post(self, path: str, body: dict[str, Any]) -> Answer:
        """Send one call. Raises TokenRefused, Unreachable or Ambiguous."""

        async def ask(token: str) -> Answer:
            headers = {"Authorization": f"Bearer {token}"}
            return await self._line.send("POST", path, headers=headers, json=body)

        return await self._bearer.call(ask, stale=_STALE)

    async def authenticate(self) -> None:
        """Make sure that there is a token. Raises TokenRefused or Unreachable."""
        await self._bearer.token()

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()
