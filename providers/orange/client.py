"""Orange's Web Payment calls. What the answers mean: webpay.py, errors.py."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx

from models import ids
from models.charge import Charge
from models.reading import Reading, Reason, Verdict
from providers.bearer import TokenRefused
from providers.orange.connection import Connection
from providers.orange.settings import LONGEST_URL, OrangeSettings
from providers.orange.webpay import read_init, read_status
from providers.readings import about_a_question, refused_here

_PAYER = re.compile(r"[1-9][0-9]{7,14}")
#: Seconds after its beginning: a page lives about ten minutes, and is asked for again a minute on.
_END_IS_BELIEVED = 660.0
_NOTHING_TO_ASK_WITH = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)


class OrangeClient:
    """Collects by a page of Orange's, on which anybody with a wallet there may pay.

    A repeat is refused: our attempt id is the order's, once and for all. Where the answer that
    held the page was lost nobody can open it, and there is nothing to ask with: the attempt is
    over when such a page would be, unless its row says that the payer was given one. `clock`:
    seconds since 1970.
    """

    def __init__(
        self,
        settings: OrangeSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._settings = settings
        self._orange = Connection(settings, transport=transport)
        self._clock = clock

    async def prompt(self, charge: Charge) -> Reading:
        """Make a page; `redirect_url` is the payer's. Raises Unreachable or Ambiguous."""
        unfit = self._unfit(charge)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        try:
            answer = await self._orange.post(
                f"{self._settings.path}/webpayment", self._body(charge)
            )
        except TokenRefused as no:
            return no.reading
        return read_init(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by order, amount and pay token. Raises Unreachable or Ambiguous."""
        if not charge.provider_reference:
            return self._without_a_token(charge)
        asked = {
            "order_id": charge.attempt_id,
            "amount": charge.amount.whole(),
            "pay_token": charge.provider_reference,
        }
        try:
            answer = await self._orange.post(self._at("transactionstatus"), asked)
        except TokenRefused as no:
            return about_a_question(no.reading)
        reading = read_status(answer.body, answer.status)
        if reading.our_reference not in {None, charge.attempt_id}:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)
        if reading.reason is Reason.PROMPT_EXPIRED and self._age(charge) < _END_IS_BELIEVED:
            return replace(reading, verdict=Verdict.PENDING, reason=None)
        return reading

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._orange.aclose()

    def _at(self, call: str) -> str:
        return f"{self._settings.path}/{call}"

    def _without_a_token(self, charge: Charge) -> Reading:
        """Over when such a page would be; never so while the payer may hold it."""
        if charge.redirect_url:
            return _NOTHING_TO_ASK_WITH
        if self._age(charge) < self._settings.prompt_lifetime:
            return _NOTHING_TO_ASK_WITH
        return refused_here(Reason.PROMPT_EXPIRED, "nobody was given the page, and it is over")

    def _age(self, charge: Charge) -> float:
        """Seconds since the page was asked for; an attempt may have been queued before."""
        if charge.prompted_at is not None:
            return self._clock() - charge.prompted_at.timestamp()
        made = (ids.parsed(ids.ATTEMPT, charge.attempt_id).int >> 80) / 1000
        return self._clock() - made

    def _unfit(self, charge: Charge) -> str | None:
        """Why this merchant cannot carry the charge; None when it can."""
        if charge.amount.currency != self._settings.currency:
            return f"this Orange merchant carries {self._settings.currency} only"
        if charge.amount.minor <= 0:
            return "the amount is not positive"
        if charge.amount.decimal() % 1:
            return "Orange carries whole units only"
        if not _PAYER.fullmatch(charge.payer):
            return "the payer is not a number of 8 to 15 digits without a plus"
        if len(charge.callback_url) > LONGEST_URL:
            return f"our callback address is longer than {LONGEST_URL} characters"
        return None

    def _body(self, charge: Charge) -> dict[str, Any]:
        return {
            "merchant_key": self._settings.merchant_key.get_secret_value(),
            "currency": self._settings.wire_currency,
            "order_id": charge.attempt_id,
            "amount": charge.amount.whole(),
            "return_url": self._back(charge.success_url),
            "cancel_url": self._back(charge.cancel_url),
            "notif_url": charge.callback_url,
            "lang": self._settings.language,
            "reference": self._settings.shop or charge.description[:30],
        }

    def _back(self, url: str | None) -> str:
        return url if url and len(url) <= LONGEST_URL else self._settings.return_url
