"""Bearer tokens: issued per product and user, dead after their life or when revoked."""

import secrets
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class _Issued:
    product: str
    user: str
    until: float


class Tokens:
    """Tokens live in memory only: a restarted provider knows none of the old ones."""

    def __init__(self) -> None:
        self._issued: dict[str, _Issued] = {}

    def issue(self, product: str, user: str, lifetime: float) -> str:
        """A new token, valid for `lifetime` seconds; the former ones stay valid."""
        now = time.monotonic()
        self._issued = {token: kept for token, kept in self._issued.items() if kept.until > now}
        token = secrets.token_urlsafe(24)
        self._issued[token] = _Issued(product, user, now + lifetime)
        return token

    def user(self, authorization: str, product: str) -> str | None:
        """Who holds the live token of that product in an Authorization header; None: nobody."""
        scheme, _, token = authorization.partition(" ")
        issued = self._issued.get(token)
        if issued is None or scheme.lower() != "bearer" or issued.product != product:
            return None
        return issued.user if issued.until > time.monotonic() else None

    def revoke(self, authorization: str) -> None:
        """The token of that header is dead from now on."""
        self._issued.pop(authorization.partition(" ")[2], None)
