"""Camtel Blue Money, as proposed: every capability, and no true one to compare with."""

from collections.abc import Mapping
from uuid import UUID

from models import ids
from models.charge import Limits, Offer, Terms
from providers.camtel.client import CamtelClient
from providers.camtel.messages import (
    CURRENCY,
    read_account,
    read_ack,
    read_balance,
    read_callback,
    read_error,
    read_sent,
    read_status,
)
from providers.camtel.proof import is_from_camtel
from providers.camtel.settings import CamtelSettings
from providers.contract import AnswersAt, Callbacks, Provider, Standing, always_a_hint

MESSAGES = {
    "collection_ack": read_ack,
    "collection_status": read_status,
    "transfer_ack": read_sent,
    "transfer_status": read_status,
    "refund_ack": read_sent,
    "callback": read_callback,
    "balance": read_balance,
    "account": read_account,
    "error": read_error,
}


def _offer(settings: CamtelSettings) -> Offer:
    limits = Limits(currency=CURRENCY, minimum=settings.minimum, maximum=settings.maximum)
    return Offer(provider="camtel", title="Camtel", countries=("CM",), limits=(limits,))


def _terms(settings: CamtelSettings) -> Terms:
    # We name the payment: not found, once settled, means never received.
    return settings.terms(absence_proves=True)


def _named_in(raw: bytes) -> UUID | None:
    """The attempt or instruction a callback is about."""
    named = read_callback(raw).our_reference or ""
    try:
        return ids.parsed(ids.prefix_of(named), named)
    except ids.BadId:
        return None


def _callbacks(settings: CamtelSettings) -> Callbacks:
    # Signed, and confirmed by asking all the same: nobody has seen a true one.
    def proves(raw: bytes, headers: Mapping[str, str]) -> bool:
        return is_from_camtel(settings, raw, headers)

    return Callbacks(
        slug="ct1",
        read=read_callback,
        hint=always_a_hint,
        answer={},
        standing=Standing(attempt=_named_in, proves=proves),
    )


def _reference(attempt_id: str) -> str:
    """Camtel shows our attempt id as it is."""
    return attempt_id


PROVIDER = Provider(
    name="camtel",
    settings=CamtelSettings,
    offer=_offer,
    terms=_terms,
    reference=_reference,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=CamtelClient,
    refunds=CamtelClient,
    pays_out=CamtelClient,
    tells_balance=CamtelClient,
    names_holders=CamtelClient,
    asks_by_ours=True,
    answers_at=AnswersAt(payout="ct1", refund="ct1"),
    experimental=True,
)
