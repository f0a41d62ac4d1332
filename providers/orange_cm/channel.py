"""Payments of one channel: merchant payments (`mp`) and cash-ins share their calls.

A pay token is taken first, free of effect; then one payment is made under it. What became of
that is asked by the token. Sources: MAPPINGS.md.
"""

import re
from dataclasses import replace
from typing import Any, Literal

import httpx

from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.bearer import TokenRefused
from providers.contract import Ambiguous, Unreachable
from providers.orange.core import CURRENCY, read_init, read_pay, read_status
from providers.orange_cm.connection import Connection
from providers.orange_cm.settings import OrangeCmSettings
from providers.readings import about_a_question, refused_here

Kind = Literal["mp", "cashin"]
NOTHING_TO_ASK_WITH = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
_NUMBER = re.compile(r"237(6[0-9]{8})")
_TOKEN = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Channel:
    """Calls of one kind, each made once."""

    def __init__(
        self,
        settings: OrangeCmSettings,
        kind: Kind,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._settings, self._kind = settings, kind
        self.line = Connection(settings, transport=transport)

    def unfit(self, amount: Money, number: str) -> Reading | None:
        """Why Orange cannot carry this; None when it can."""
        why = _unfit(amount, number)
        return refused_here(Reason.BAD_REQUEST, why) if why else None

    async def pay(self, body: dict[str, Any], *, handle: str | None) -> Reading:
        """Pay under the token already held, else under a new one. Raises Unreachable or Ambiguous.

        Unanswered after the token was taken, the error carries it.
        """
        try:
            token = handle or await self._token()
            if isinstance(token, Reading):
                return token
            return await self._paid({**body, **self._signed(), "payToken": token}, token)
        except TokenRefused as no:
            return no.reading

    async def ask(self, handle: str | None) -> Reading:
        """Ask by the token; without one there is nothing to ask with and no call.

        Raises Unreachable or Ambiguous.
        """
        if not (handle and _TOKEN.fullmatch(handle)):
            return NOTHING_TO_ASK_WITH
        try:
            answer = await self.line.call("GET", f"/{self._kind}/paymentstatus/{handle}")
        except TokenRefused as no:
            return about_a_question(no.reading)
        reading = read_status(answer.body, answer.status)
        if reading.provider_reference not in {None, handle}:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)
        return reading

    async def _token(self) -> str | Reading:
        """A pay token, or why there is none. Taking one moves nothing: Unreachable, never lost."""
        try:
            answer = await self.line.call("POST", f"/{self._kind}/init")
        except Ambiguous as lost:
            raise Unreachable(f"no pay token: {lost}") from None
        reading = read_init(answer.body, answer.status)
        if reading.provider_reference:
            return reading.provider_reference
        if reading.verdict is Verdict.REFUSED:
            return reading
        raise Unreachable(f"no pay token: HTTP {answer.status}")

    async def _paid(self, body: dict[str, Any], token: str) -> Reading:
        try:
            answer = await self.line.call("POST", f"/{self._kind}/pay", body)
        except Ambiguous as lost:
            raise Ambiguous(str(lost), handle=token) from None
        reading = read_pay(answer.body, answer.status)
        if reading.provider_reference not in {None, token}:
            return Reading(
                verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH, provider_reference=token
            )
        return replace(reading, provider_reference=token)

    def _signed(self) -> dict[str, str]:
        return {
            "channelUserMsisdn": self._settings.channel,
            "pin": self._settings.pin.get_secret_value(),
        }


def national(number: str) -> str:
    """Nine digits without the country's. Raises ValueError for a number of elsewhere."""
    known = _NUMBER.fullmatch(number)
    if known is None:
        raise ValueError("not a Cameroonian mobile of 12 digits")
    return known[1]


def _unfit(amount: Money, number: str) -> str | None:
    if amount.currency != CURRENCY:
        return f"Orange Money Cameroon carries {CURRENCY} only"
    if amount.minor <= 0:
        return "the amount is not positive"
    if not _NUMBER.fullmatch(number):
        return "the number is not a Cameroonian mobile of 12 digits without a plus"
    return None
