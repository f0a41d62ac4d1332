"""Wave: collections on its page, refunds, payouts."""

from collections.abc import Mapping
from uuid import UUID

from models import ids
from models.charge import Limits, Offer, Terms
from providers.contract import Callbacks, Provider, Standing, always_a_hint
from providers.wave.client import WaveClient
from providers.wave.errors import read_error
from providers.wave.payout import read_payout
from providers.wave.proof import is_from_wave
from providers.wave.session import read_session, read_webhook
from providers.wave.settings import WaveSettings
from providers.wave.wallet import WaveWallet
from providers.wire import fields, parse, text

MESSAGES = {
    "session": read_session,
    "webhook": read_webhook,
    "payout": read_payout,
    "error": read_error,
}


def _offer(settings: WaveSettings) -> Offer:
    limits = Limits(currency=settings.currency, minimum=settings.minimum, maximum=settings.maximum)
    return Offer(provider="wave", title="Wave", countries=(settings.country,), limits=(limits,))


def _terms(settings: WaveSettings) -> Terms:
    # We search by our own reference; and a session whose page nobody was given stays unpaid.
    return settings.terms(absence_proves=True)


def attempt_in(raw: bytes) -> UUID | None:
    """The attempt an event is about, by the reference its session carries."""
    named = text(fields((parse(raw) or {}).get("data")).get("client_reference"))
    try:
        return ids.parsed(ids.ATTEMPT, named or "")
    except ids.BadId:
        return None


def _callbacks(settings: WaveSettings) -> Callbacks:
    # Events come late, twice and out of order: the session is read anew.
    def proves(raw: bytes, headers: Mapping[str, str]) -> bool:
        return is_from_wave(settings, raw, headers)

    return Callbacks(
        slug="wv1",
        read=read_webhook,
        hint=always_a_hint,
        answer={},
        standing=Standing(attempt=attempt_in, proves=proves),
    )


def _reference(attempt_id: str) -> str:
    """Wave shows our attempt id as it is."""
    return attempt_id


PROVIDER = Provider(
    name="wave",
    settings=WaveSettings,
    offer=_offer,
    terms=_terms,
    reference=_reference,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=WaveClient,
    refunds=WaveWallet,
    pays_out=WaveWallet,
    tells_balance=WaveWallet,
    names_holders=WaveWallet,
)
