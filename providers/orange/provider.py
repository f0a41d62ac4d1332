"""Orange Money: collections on the page of Web Payment."""

from models.charge import Limits, Offer, Terms
from models.money import EXPONENTS
from providers.contract import Callbacks, Provider, always_a_hint
from providers.orange import core, webpay
from providers.orange.client import OrangeClient
from providers.orange.errors import read_error
from providers.orange.settings import OrangeSettings

MESSAGES = {
    "webpay_init": webpay.read_init,
    "webpay_notification": webpay.read_notification,
    "webpay_status": webpay.read_status,
    "mp_init": core.read_init,
    "mp_pay": core.read_pay,
    "mp_status": core.read_status,
    "error": read_error,
}


def _offer(settings: OrangeSettings) -> Offer:
    unit = 10 ** EXPONENTS[settings.currency]
    limits = Limits(
        currency=settings.currency,
        minimum=settings.minimum * unit,
        maximum=settings.maximum * unit,
        step=unit,
    )
    countries = (settings.country,)
    return Offer(provider="orange", title="Orange Money", countries=countries, limits=(limits,))


def _terms(settings: OrangeSettings) -> Terms:
    # Orange finds nothing by our reference: that nothing is found proves nothing.
    return settings.terms(absence_proves=False)


def _callbacks(_settings: OrangeSettings) -> Callbacks:
    # Notifications are unsigned and name no amount: the status says what happened.
    return Callbacks(slug="om1", read=webpay.read_notification, hint=always_a_hint, answer={})


def _reference(attempt_id: str) -> str:
    """Orange shows our attempt id as it is: thirty characters, all it takes."""
    return attempt_id


PROVIDER = Provider(
    name="orange",
    settings=OrangeSettings,
    offer=_offer,
    terms=_terms,
    reference=_reference,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=OrangeClient,
)
