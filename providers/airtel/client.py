"""Airtel's collection calls. What the answers mean: messages.py, envelope.py."""

from typing import Any

import httpx

from models.charge import Charge
from models.money import FractionNotCarried, Money
from models.reading import Reading, Reason, Verdict
from providers.airtel.connection import Connection
from providers.airtel.messages import read_collect_ack, read_collect_status
from providers.airtel.names import msisdn, plain, transaction_id
from providers.airtel.settings import AirtelSettings
from providers.bearer import TokenRefused
from providers.readings import about_a_question, refused_here

PUSH = "/merchant/v1/payments/"
ENQUIRY = "/standard/v1/payments"


class AirtelClient:
    """Collects by USSD push; every repeat carries the same `transaction.id`."""

    def __init__(
        self, settings: AirtelSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._airtel = Connection(settings, transport=transport)

    async def prompt(self, charge: Charge) -> Reading:
        """Ask the payer for the PIN. Raises Unreachable or Ambiguous."""
        unfit = unfit_for(self._settings, charge.amount, charge.payer)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        try:
            answer = await self._airtel.call("POST", PUSH, self._body(charge))
        except TokenRefused as no:
            return no.reading
        return read_collect_ack(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by our own id. Raises Unreachable or Ambiguous."""
        ours = transaction_id(charge.attempt_id)
        try:
            answer = await self._airtel.call("GET", f"{ENQUIRY}/{ours}")
        except TokenRefused as no:
            return about_a_question(no.reading)
        reading = read_collect_status(answer.body, answer.status, self._settings.currency)
        if reading.our_reference not in {None, ours}:
            return Reading(verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)
        return reading

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._airtel.aclose()

    def _body(self, charge: Charge) -> dict[str, Any]:
        country, currency = self._settings.country, self._settings.currency
        ours = transaction_id(charge.attempt_id)
        return {
            "reference": plain(charge.description, ours),
            "subscriber": {
                "country": country,
                "currency": currency,
                "msisdn": msisdn(charge.payer, country),
            },
            "transaction": {
                "amount": charge.amount.whole(),
                "country": country,
                "currency": currency,
                "id": ours,
            },
        }


def unfit_for(settings: AirtelSettings, amount: Money, number: str) -> str | None:
    """Why this app cannot carry the amount to or from the number; None when it can."""
    if amount.currency != settings.currency:
        return f"this Airtel wallet carries {settings.currency} only"
    try:
        if amount.whole() <= 0:
            return "the amount is not positive"
    except FractionNotCarried:
        return "Airtel is sent whole units only"
    if msisdn(number, settings.country) is None:
        return f"the number is none of {settings.country}"
    return None
