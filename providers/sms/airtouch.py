"""AirTouch Kenya, sold as Damza: one GET per message.

The secret is the MD5 of the key and travels in the query, so no URL of this module may be
logged. There is no delivery report and no question to ask: after a time-out the message may
have gone. Marks: docs/messages.md.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable

import httpx

from models.messages import Channel
from providers.http import Line, Patience
from providers.messaging import Outgoing, Rejected, Scope, Sent, Submitted, Unknown
from providers.sms.carrying import carried
from providers.sms.settings import AirTouchSettings
from providers.wire import parse, text

PATH = "/sms/api/"

_ACCEPTED = "1000"
_REFUSALS = {
    "1001": Scope.MESSAGE,  # incorrect sender name
    "1003": Scope.ADDRESS,  # invalid phone number
    "1004": Scope.GATEWAY,  # balance is depleted
    "1006": Scope.GATEWAY,  # invalid credentials
    "1011": Scope.GATEWAY,  # invalid user
}


def read_answer(body: bytes, status: int) -> Sent:
    """What an answer means; anything that is not a known code is unknown."""
    said = parse(body)
    code = text(said.get("status_code")) if said else None
    if status != 200 or said is None or code is None:
        return Unknown(code=f"http_{status}")
    if code == _ACCEPTED:
        return Submitted(provider_ref=text(said.get("message_id")))
    scope = _REFUSALS.get(code)
    return Rejected(code=code, scope=scope) if scope else Unknown(code=code)


class AirTouch:
    """Sends text messages, no faster than the account takes them."""

    name = "airtouch"
    channel = Channel.SMS

    def __init__(
        self,
        settings: AirTouchSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )
        self._clock = clock
        self._sleep = sleep
        self._free_at = 0.0

    async def send(self, message: Outgoing) -> Sent:
        """Send once."""
        await self._turn()
        call = self._line.send("GET", PATH, headers={}, params=self._query(message))
        return await carried(call, read_answer)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    def _query(self, message: Outgoing) -> dict[str, str]:
        key = self._settings.api_key.get_secret_value().encode()
        return {
            "issn": message.sender or self._settings.sender,
            "msisdn": message.to,
            "text": message.text,
            "username": self._settings.username,
            "password": hashlib.md5(key, usedforsecurity=False).hexdigest(),
            "sms_id": message.id,
        }

    async def _turn(self) -> None:
        now = self._clock()
        wait = self._free_at - now
        self._free_at = max(self._free_at, now) + 1 / self._settings.pace
        if wait > 0:
            await self._sleep(wait)
