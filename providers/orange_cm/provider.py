"""Orange Money Cameroon: push to the phone, cash-in, subscribers."""

from models.charge import Limits, Offer, Terms
from providers.contract import AnswersAt, Callbacks, Provider, always_a_hint
from providers.orange import core
from providers.orange.errors import read_error
from providers.orange_cm.client import OrangeCmClient
from providers.orange_cm.notices import read_notification, read_subscriber
from providers.orange_cm.settings import OrangeCmSettings
from providers.orange_cm.wallet import opened

MESSAGES = {
    "mp_init": core.read_init,
    "mp_pay": core.read_pay,
    "mp_status": core.read_status,
    "cashin_init": core.read_init,
    "cashin_pay": core.read_pay,
    "cashin_status": core.read_status,
    "notification": read_notification,
    "subscriber": read_subscriber,
    "error": read_error,
}


def _offer(settings: OrangeCmSettings) -> Offer:
    limits = Limits(currency=core.CURRENCY, minimum=settings.minimum, maximum=settings.maximum)
    return Offer(
        provider="orange_cm", title="Orange Money Cameroon", countries=("CM",), limits=(limits,)
    )


def _terms(settings: OrangeCmSettings) -> Terms:
    # Asked by a token: without it nothing is found whatever happened.
    return settings.terms(absence_proves=False)


def _callbacks(_settings: OrangeCmSettings) -> Callbacks:
    # Notifications are unsigned and may say nothing: the status says what happened.
    return Callbacks(slug="oc1", read=read_notification, hint=always_a_hint, answer={})


def _reference(attempt_id: str) -> str:
    """Orange shows our attempt id as it is."""
    return attempt_id


PROVIDER = Provider(
    name="orange_cm",
    settings=OrangeCmSettings,
    offer=_offer,
    terms=_terms,
    reference=_reference,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=OrangeCmClient,
    pays_out=opened,
    names_holders=opened,
    answers_at=AnswersAt(payout="oc1"),
)
