"""MTN's collection calls over HTTP. What the answers mean: status.py, errors.py."""

import re
from typing import Any

import httpx

from models.charge import Charge
from models.ids import momo_reference
from models.reading import Reading, Reason
from providers.bearer import TokenRefused
from providers.http import Answer, Line, Patience
from providers.momo.errors import read_error
from providers.momo.settings import MomoSettings
from providers.momo.status import read_ack, status_reader
from providers.momo.token import bearer
from providers.readings import about_a_question, refused_here
from providers.wire import parse, text

REQUEST = "/collection/v1_0/requesttopay"
HOLDER = "/collection/v1_0/accountholder/msisdn"
_PAYER = re.compile(r"[1-9][0-9]{7,14}")


class MomoClient:
    """Collects by requesttopay; owns no state beyond its connections and its token.

    The reference is derived from the attempt, so every repeat carries the same one and MTN
    refuses the second: a repeat is always safe.
    """

    def __init__(
        self, settings: MomoSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._line = Line(
            settings.base_url,
            patience=Patience(deadline=settings.call_deadline),
            transport=transport,
        )
        self._bearer = bearer(self._line, settings)
        self._read_status = status_reader(settings.currency)

    async def prompt(self, charge: Charge) -> Reading:
        """Ask the payer to approve. Raises Unreachable or Ambiguous."""
        unfit = self._unfit(charge)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        headers = {"X-Reference-Id": momo_reference(charge.attempt_id)}
        if charge.callback_url:
            headers["X-Callback-Url"] = charge.callback_url
        try:
            answer = await self._call("POST", REQUEST, headers, _body(charge))
        except TokenRefused as no:
            return no.reading
        return read_ack(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask by our own reference. Raises Unreachable or Ambiguous."""
        path = f"{REQUEST}/{momo_reference(charge.attempt_id)}"
        try:
            answer = await self._call("GET", path, {})
        except TokenRefused as no:
            return about_a_question(no.reading)
        return self._read_status(answer.body, answer.status)

    async def account_holder_active(self, msisdn: str) -> bool | None:
        """Whether the number has an active wallet; None where MTN does not say.

        Raises Unreachable, Ambiguous, or ValueError for text that is not a number.
        """
        if not _PAYER.fullmatch(msisdn):
            raise ValueError("a wallet is a number of 8 to 15 digits without a plus")
        try:
            answer = await self._call("GET", f"{HOLDER}/{msisdn}/active", {})
        except TokenRefused:
            return None
        return _active(answer)

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._line.aclose()

    def _unfit(self, charge: Charge) -> str | None:
        """Why this wallet cannot carry the charge; None when it can."""
        if charge.amount.currency != self._settings.currency:
            return f"this MTN wallet carries {self._settings.currency} only"
        if charge.amount.minor <= 0:
            return "the amount is not positive"
        if not _PAYER.fullmatch(charge.payer):
            return "the payer is not a number of 8 to 15 digits without a plus"
        return None

    async def _call(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, Any] | None = None
    ) -> Answer:
        key = self._settings.subscription_key.get_secret_value()

        async def ask(token: str) -> Answer:
            sent = {
                **headers,
                "Authorization": f"Bearer {token}",
                "Ocp-Apim-Subscription-Key": key,
                "X-Target-Environment": self._settings.target_environment,
            }
            return await self._line.send(method, path, headers=sent, json=body)

        return await self._bearer.call(ask, stale=_stale)


def _stale(answer: Answer) -> bool:
    reading = read_error(answer.body, answer.status)
    return reading.retryable and reading.reason is Reason.CREDENTIALS


def _active(answer: Answer) -> bool | None:
    said = parse(answer.body) or {}
    if answer.status == 404 and text(said.get("code")) == "RESOURCE_NOT_FOUND":
        return False
    result = (text(said.get("result")) or "").lower()
    return {"true": True, "false": False}.get(result) if answer.status == 200 else None


def _body(charge: Charge) -> dict[str, Any]:
    note = _plain(charge.description)
    return {
        "amount": f"{charge.amount.decimal():f}",
        "currency": charge.amount.currency,
        "externalId": charge.attempt_id,
        "payer": {"partyIdType": "MSISDN", "partyId": charge.payer},
        "payerMessage": note,
        "payeeNote": note,
    }


def _plain(description: str) -> str:
    """Letters, digits and spaces, at most 160: anything else has been answered with 400."""
    return " ".join(re.sub(r"[^A-Za-z0-9 ]+", " ", description).split())[:160].strip()
