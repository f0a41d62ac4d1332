"""Daraja's STK push and STK query over HTTP. What the answers mean: acks.py, stk.py."""

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from models.charge import Charge
from models.ids import account_reference
from models.reading import Reading, Reason, Verdict
from providers.bearer import TokenRefused
from providers.mpesa.acks import read_ack
from providers.mpesa.connection import Connection
from providers.mpesa.settings import MpesaSettings
from providers.mpesa.stk import read_query
from providers.readings import UNREADABLE, about_a_question, about_no_money, refused_here
from providers.shillings import unfit

PUSH = "/mpesa/stkpush/v1/processrequest"
QUERY = "/mpesa/stkpushquery/v1/query"
_PAYER = re.compile(r"254[0-9]{9}")


def _now() -> datetime:
    return datetime.now(UTC)


class MpesaClient:
    """Collects by STK push; owns no state beyond its connections and its token."""

    def __init__(
        self,
        settings: MpesaSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        self._settings = settings
        self._daraja = Connection(
            settings.base_url,
            consumer_key=settings.consumer_key.get_secret_value(),
            consumer_secret=settings.consumer_secret.get_secret_value(),
            deadline=settings.call_deadline,
            transport=transport,
        )
        self._zone = ZoneInfo(settings.zone)
        self._now = now

    async def authenticate(self) -> Reading:
        """Whether the app's keys give a token; `reason` None when they do.

        Says nothing of the passkey: only a prompt does. Raises Unreachable.
        """
        try:
            await self._daraja.authenticate()
        except TokenRefused as no:
            return about_no_money(no.reading)
        return Reading(verdict=None)

    async def prompt(self, charge: Charge) -> Reading:
        """Queue a prompt on the payer's phone, once: Daraja has no idempotency here.

        Raises Unreachable or Ambiguous. What the rail cannot carry is refused unsent.
        """
        why = unfit(charge, payer=_PAYER, carrier="M-Pesa")
        if why:
            return refused_here(Reason.BAD_REQUEST, why)
        try:
            answer = await self._daraja.post(PUSH, self._push(charge))
        except TokenRefused as no:
            return no.reading
        return read_ack(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by CheckoutRequestID; without one there is nothing to ask with and no call.

        Raises Unreachable or Ambiguous.
        """
        asked = charge.provider_reference
        if not asked:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH)
        try:
            answer = await self._daraja.post(QUERY, {**self._signed(), "CheckoutRequestID": asked})
        except TokenRefused as no:
            return about_a_question(no.reading)
        reading = read_query(answer.body, answer.status)
        # An answer about another prompt is no answer.
        return reading if reading.provider_reference in {None, asked} else UNREADABLE

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._daraja.aclose()

    def _push(self, charge: Charge) -> dict[str, Any]:
        code = self._settings.short_code
        return {
            **self._signed(),
            "TransactionType": self._settings.transaction_type,
            "Amount": str(charge.amount.whole()),
            "PartyA": charge.payer,
            "PartyB": self._settings.till or code,
            "PhoneNumber": charge.payer,
            "CallBackURL": charge.callback_url,
            "AccountReference": account_reference(charge.attempt_id),
            "TransactionDesc": _short(charge.description),
        }

    def _signed(self) -> dict[str, Any]:
        """Short code, password and the local time the password was made for."""
        stamp = self._now().astimezone(self._zone).strftime("%Y%m%d%H%M%S")
        code = self._settings.short_code
        secret = f"{code}{self._settings.passkey.get_secret_value()}{stamp}"
        password = base64.b64encode(secret.encode()).decode()
        return {"BusinessShortCode": code, "Password": password, "Timestamp": stamp}


def _short(description: str) -> str:
    """At most 13 plain characters: longer text can surface as result 1025."""
    plain = re.sub(r"[^A-Za-z0-9 ]+", " ", description)
    return " ".join(plain.split())[:13].strip() or "Payment"
