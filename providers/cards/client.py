"""Hosted checkout's calls. What the answers mean: session.py, order.py, errors.py."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from models.charge import Charge
from models.reading import Reading, Reason, Verdict
from providers.cards import codes
from providers.cards.connection import Connection
from providers.cards.order import read_order
from providers.cards.session import read_session
from providers.cards.settings import CardsSettings
from providers.environment import is_secure
from providers.readings import refused_here
from providers.wire import page, parse, text

_PAYER = re.compile(r"[1-9][0-9]{7,14}")
_EXPIRED = Reading(verdict=Verdict.REFUSED, reason=Reason.PROMPT_EXPIRED)


def _now() -> datetime:
    return datetime.now(UTC)


class CardsClient:
    """Collects on the gateway's page: the card is entered there, and no part of it comes here.

    One attempt is one order. Its session moves no money, so a lost answer is got over by making
    another in the same order: nobody was given the page of the first.
    """

    def __init__(
        self,
        settings: CardsSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._settings = settings
        self._gateway = Connection(settings, transport=transport)
        self._clock = clock

    async def prompt(self, charge: Charge) -> Reading:
        """Make a session; `redirect_url` is the payer's page. Raises Unreachable or Ambiguous."""
        unfit = self._unfit(charge)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        answer = await self._gateway.send("POST", "/session", self._body(charge))
        reading = read_session(answer.body, answer.status)
        session = reading.provider_reference
        return replace(
            reading, redirect_url=page(self._settings.page(session)) if session else None
        )

    async def inquire(self, charge: Charge) -> Reading:
        """Ask for the order, always by our own reference. Raises Unreachable or Ambiguous."""
        answer = await self._gateway.get(f"/order/{charge.attempt_id}")
        reading = read_order(answer.body, answer.status)
        merchant = text((parse(answer.body) or {}).get("merchant"))
        ours = reading.our_reference in {None, charge.attempt_id}
        if not ours or merchant not in {None, self._settings.merchant_id}:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)
        return self._on_its_page(reading, charge)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._gateway.aclose()

    def _on_its_page(self, reading: Reading, charge: Charge) -> Reading:
        """There is no order before the payer submits a card, and no further try after the page."""
        over = self._page_is_over(charge)
        if reading.reason is Reason.NOT_FOUND and charge.provider_reference:
            return _EXPIRED if over else Reading(verdict=Verdict.PENDING)
        unended = reading.verdict is Verdict.PENDING
        if over and unended and reading.provider_code in codes.ENDS_WITH_ITS_PAGE:
            reason = reading.reason or Reason.PROMPT_EXPIRED
            return replace(reading, verdict=Verdict.REFUSED, reason=reason)
        return reading

    def _page_is_over(self, charge: Charge) -> bool:
        """True some minutes after its end: what was begun on it in time may come late."""
        if charge.prompted_at is None:
            return False
        seconds = self._settings.page_seconds + self._settings.late_seconds
        return self._clock() - charge.prompted_at >= timedelta(seconds=seconds)

    def _unfit(self, charge: Charge) -> str | None:
        """Why this merchant cannot carry the charge; None when it can."""
        if charge.amount.currency != self._settings.currency:
            return f"this card merchant carries {self._settings.currency} only"
        if charge.amount.minor <= 0:
            return "the amount is not positive"
        if not _PAYER.fullmatch(charge.payer):
            return "the payer is not a number of 8 to 15 digits without a plus"
        return None

    def _body(self, charge: Charge) -> dict[str, Any]:
        told = charge.callback_url
        return {
            "apiOperation": "INITIATE_CHECKOUT",
            "interaction": {
                "operation": "PURCHASE",
                "merchant": {"name": self._settings.merchant_name or self._settings.merchant_id},
                "returnUrl": self._back(charge.success_url),
                "cancelUrl": self._back(charge.cancel_url),
                "timeout": self._settings.page_seconds,
            },
            "order": {
                "id": charge.attempt_id,
                "amount": f"{charge.amount.decimal():f}",
                "currency": charge.amount.currency,
                "description": charge.description[:127],
                "reference": charge.attempt_id,
                **({"notificationUrl": told} if is_secure(told) else {}),
            },
        }

    def _back(self, url: str | None) -> str:
        return url if url is not None and is_secure(url) else self._settings.return_url
