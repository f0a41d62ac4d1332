"""What stands before the core API: its gateway's tokens, its own user, the pay tokens."""

import base64
import secrets

from fastapi import Request, Response

from simulators.door import Refused
from simulators.orange_cm import answers, orders
from simulators.settings import Settings
from simulators.tokens import Tokens


class Gate:
    """Pay tokens live in memory, until something is paid under them."""

    def __init__(self, settings: Settings, tokens: Tokens, product: str) -> None:
        self._settings, self._tokens, self._product = settings, tokens, product
        self._unspent: set[str] = set()

    def check(self, request: Request) -> None:
        """Raises Refused where the gateway's token or the API's user is not ours."""
        if self._tokens.user(request.headers.get("authorization", ""), self._product) is None:
            raise Refused(answers.bad_token())
        pair = f"{self._settings.orange_cm_api_username}:{self._settings.orange_cm_api_password}"
        ours = base64.b64encode(pair.encode()).decode()
        if request.headers.get("x-auth-token") != ours:
            raise Refused(answers.forbidden())

    def new_token(self) -> str:
        """A pay token."""
        token = f"MP{secrets.token_hex(13).upper()}"
        self._unspent.add(token)
        return token

    async def order(self, request: Request) -> orders.Order:
        """A payment under a token nothing was paid under; raises Refused."""
        settings = self._settings
        order = await orders.payment(
            request, channel=settings.orange_cm_channel, pin=settings.orange_cm_pin
        )
        if order.token not in self._unspent:
            raise Refused(answers.used_token())
        return order

    def spend(self, token: str) -> None:
        """Something is paid under it now."""
        self._unspent.discard(token)

    def unpaid(self, token: str) -> Response:
        """What is known of a token nothing was paid under."""
        return answers.idle(token) if token in self._unspent else answers.unknown_token()
