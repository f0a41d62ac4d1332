"""Collects by a push to the payer's phone, confirmed there by PIN."""

import httpx

from models.charge import Charge
from models.reading import Reading
from providers.orange_cm.channel import Channel, national
from providers.orange_cm.settings import OrangeCmSettings
from providers.orange_cm.words import plain


class OrangeCmClient:
    """Owns no state beyond its connections and its token.

    A second payment under one token is not documented: sent again, an attempt carries the token
    it was acknowledged with, and the payer still has to confirm.
    """

    def __init__(
        self, settings: OrangeCmSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._channel = Channel(settings, "mp", transport=transport)

    async def prompt(self, charge: Charge) -> Reading:
        """Ask the payer to confirm, once. Raises Unreachable or Ambiguous."""
        unfit = self._channel.unfit(charge.amount, charge.payer)
        if unfit:
            return unfit
        body = {
            "notifUrl": charge.callback_url,
            "amount": str(charge.amount.whole()),
            "subscriberMsisdn": national(charge.payer),
            "orderId": charge.attempt_id,
            "description": plain(charge.description),
        }
        return await self._channel.pay(body, handle=charge.provider_reference)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by the pay token. Raises Unreachable or Ambiguous."""
        return await self._channel.ask(charge.provider_reference)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._channel.line.aclose()
