"""MTN's collection calls over HTTP. What the answers mean: status.py, errors.py."""

from typing import Any

import httpx

from models.charge import Charge
from models.ids import momo_reference
from models.reading import Reading, Reason
from providers.bearer import TokenRefused
from providers.momo.connection import Connection
from providers.momo.fitting import plain, unfit_for
from providers.momo.settings import MomoSettings
from providers.momo.status import read_ack, status_reader
from providers.readings import about_a_question, refused_here

REQUEST = "/collection/v1_0/requesttopay"


class MomoClient:
    """Collects by requesttopay; owns no state beyond its connections and its token.

    The reference is derived from the attempt, so every repeat carries the same one and MTN
    refuses the second: a repeat is always safe.
    """

    def __init__(
        self, settings: MomoSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._mtn = Connection(settings, settings.collection, transport=transport)
        self._read_status = status_reader(settings.currency)

    async def prompt(self, charge: Charge) -> Reading:
        """Ask the payer to approve. Raises Unreachable or Ambiguous."""
        unfit = unfit_for(self._settings, charge.amount, charge.payer)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        headers = {"X-Reference-Id": momo_reference(charge.attempt_id)}
        if charge.callback_url:
            headers["X-Callback-Url"] = charge.callback_url
        try:
            answer = await self._mtn.call("POST", REQUEST, headers, _body(charge))
        except TokenRefused as no:
            return no.reading
        return read_ack(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by our own reference. Raises Unreachable or Ambiguous."""
        path = f"{REQUEST}/{momo_reference(charge.attempt_id)}"
        try:
            answer = await self._mtn.call("GET", path)
        except TokenRefused as no:
            return about_a_question(no.reading)
        return self._read_status(answer.body, answer.status)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._mtn.aclose()


def _body(charge: Charge) -> dict[str, Any]:
    note = plain(charge.description)
    return {
        "amount": f"{charge.amount.decimal():f}",
        "currency": charge.amount.currency,
        "externalId": charge.attempt_id,
        "payer": {"partyIdType": "MSISDN", "partyId": charge.payer},
        "payerMessage": note,
        "payeeNote": note,
    }
