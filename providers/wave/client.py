"""Wave's checkout calls. What the answers mean: session.py, errors.py."""

import re
from typing import Any

import httpx

from models.charge import Charge
from models.reading import Reading, Reason, Verdict
from providers.environment import is_secure
from providers.readings import refused_here
from providers.wave.connection import Connection
from providers.wave.session import read_ack, read_asked
from providers.wave.settings import WaveSettings

SESSIONS = "/v1/checkout/sessions"
_PAYER = re.compile(r"[1-9][0-9]{7,14}")
_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")
_UNSURE = Reading(verdict=Verdict.UNKNOWN, reason=Reason.PROVIDER_ERROR)


class WaveClient:
    """Collects by a checkout session: the payer pays on Wave's page, and nobody else may.

    Wave knows no repeats: one makes a second session. Nobody but us was ever given the page of
    the first, so it stays unpaid, and a search by our reference finds both.
    """

    def __init__(
        self, settings: WaveSettings, *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._wave = Connection(settings, transport=transport)

    async def prompt(self, charge: Charge) -> Reading:
        """Make a session; `redirect_url` is the payer's page. Raises Unreachable or Ambiguous."""
        unfit = self._unfit(charge)
        if unfit:
            return refused_here(Reason.BAD_REQUEST, unfit)
        answer = await self._wave.post(SESSIONS, self._body(charge))
        return read_ack(answer.body, answer.status)

    async def inquire(self, charge: Charge) -> Reading:
        """Ask for the session, or search by our reference where its id was lost or is not found.

        Raises Unreachable or Ambiguous.
        """
        session = charge.provider_reference or ""
        if _SESSION.fullmatch(session):
            answer = await self._wave.get(f"{SESSIONS}/{session}")
            if answer.status != 404:
                return _ours(charge, read_asked(answer.body, answer.status))
        sought = {"client_reference": charge.attempt_id}
        answer = await self._wave.get(f"{SESSIONS}/search", sought)
        reading = _ours(charge, read_asked(answer.body, answer.status))
        return _UNSURE if _says_nothing(charge, reading, answer.status) else reading

    async def aclose(self) -> None:
        """Close pooled connections."""
        await self._wave.aclose()

    def _unfit(self, charge: Charge) -> str | None:
        """Why this wallet cannot carry the charge; None when it can."""
        if charge.amount.currency != self._settings.currency:
            return f"this Wave wallet carries {self._settings.currency} only"
        if charge.amount.minor <= 0:
            return "the amount is not positive"
        if not _PAYER.fullmatch(charge.payer):
            return "the payer is not a number of 8 to 15 digits without a plus"
        return None

    def _body(self, charge: Charge) -> dict[str, Any]:
        body = {
            "amount": f"{charge.amount.decimal():f}",
            "currency": charge.amount.currency,
            "success_url": self._back(charge.success_url),
            "error_url": self._back(charge.cancel_url),
            "client_reference": charge.attempt_id,
            "restrict_payer_mobile": f"+{charge.payer}",
        }
        if self._settings.aggregated_merchant_id:
            body["aggregated_merchant_id"] = self._settings.aggregated_merchant_id
        return body

    def _back(self, url: str | None) -> str:
        return url if url is not None and is_secure(url) else self._settings.return_url


def _ours(charge: Charge, reading: Reading) -> Reading:
    """A session of another attempt says nothing about this one."""
    if reading.our_reference not in {None, charge.attempt_id}:
        return Reading(verdict=Verdict.UNKNOWN, reason=Reason.MISMATCH)
    return reading


def _says_nothing(charge: Charge, reading: Reading, status: int) -> bool:
    """A payer may hold the page of a session whose id we hold: only its own end, or money, counts.

    Where we hold none, an empty list says that there is none, and an error never does.
    """
    held, absent = charge.provider_reference, reading.reason is Reason.NOT_FOUND
    if held:
        refused = reading.verdict is Verdict.REFUSED and reading.provider_reference != held
        return absent or refused
    return absent and status == 404
