"""Cards: collections on Mastercard Gateway's page, refunds."""

from collections.abc import Mapping
from uuid import UUID

from models import ids
from models.charge import Limits, Offer, Terms
from providers.cards.client import CardsClient
from providers.cards.errors import read_error
from providers.cards.proof import is_from_gateway, kept
from providers.cards.refunds import CardRefunds
from providers.cards.session import read_session
from providers.cards.settings import CardsSettings
from providers.cards.transaction import read_transaction, read_webhook
from providers.contract import Callbacks, Provider, Standing, always_a_hint

MESSAGES = {
    "session": read_session,
    "transaction": read_transaction,
    "webhook": read_webhook,
    "error": read_error,
}


def _offer(settings: CardsSettings) -> Offer:
    limits = Limits(currency=settings.currency, minimum=settings.minimum, maximum=settings.maximum)
    title = "Visa and Mastercard"
    return Offer(provider="cards", title=title, countries=(settings.country,), limits=(limits,))


def _terms(settings: CardsSettings) -> Terms:
    # Not found without a page: no session was made, or one whose page nobody was given.
    return settings.terms(absence_proves=True)


def attempt_in(raw: bytes) -> UUID | None:
    """The attempt a notification is about: its order."""
    try:
        return ids.parsed(ids.ATTEMPT, read_webhook(raw).our_reference or "")
    except ids.BadId:
        return None


def _callbacks(settings: CardsSettings) -> Callbacks:
    # The secret signs nothing, and a try that failed is not the end: the order is retrieved.
    def proves(_raw: bytes, headers: Mapping[str, str]) -> bool:
        return is_from_gateway(settings, headers)

    return Callbacks(
        slug="cd1",
        read=read_webhook,
        hint=always_a_hint,
        answer={},
        kept=kept,
        standing=Standing(attempt=attempt_in, proves=proves),
    )


def _reference(attempt_id: str) -> str:
    """The gateway shows our attempt id as it is, as the order's."""
    return attempt_id


PROVIDER = Provider(
    name="cards",
    settings=CardsSettings,
    offer=_offer,
    terms=_terms,
    reference=_reference,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=CardsClient,
    refunds=CardRefunds,
    refunds_in_part=True,
)
