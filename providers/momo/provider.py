"""MTN MoMo: collections, and what the disbursement product does."""

from models import ids
from models.charge import Limits, Offer, Terms
from providers.contract import AnswersAt, Callbacks, Provider, always_a_hint
from providers.momo.client import MomoClient
from providers.momo.errors import read_error
from providers.momo.holders import read_active, read_user_info
from providers.momo.settings import COUNTRIES, MomoSettings
from providers.momo.status import callback_reader, read_ack, read_balance, status_reader
from providers.momo.wallet import opened

MESSAGES = {
    "requesttopay_ack": read_ack,
    "requesttopay_status": status_reader(),
    "transfer_ack": read_ack,
    "transfer_status": status_reader(),
    "refund_status": status_reader(),
    "callback": callback_reader(),
    "balance": read_balance,
    "active": read_active,
    "user_info": read_user_info,
    "error": read_error,
}


def _offer(settings: MomoSettings) -> Offer:
    limits = Limits(currency=settings.currency, minimum=settings.minimum, maximum=settings.maximum)
    country = COUNTRIES[settings.target_environment]
    return Offer(provider="momo", title="MTN MoMo", countries=(country,), limits=(limits,))


def _terms(settings: MomoSettings) -> Terms:
    # We name the operation: not found, once settled, means never received.
    return settings.terms(absence_proves=True)


def _callbacks(settings: MomoSettings) -> Callbacks:
    # MTN signs nothing and asking is free: its callbacks only say when to ask.
    return Callbacks(
        slug="mm1",
        read=callback_reader(settings.currency),
        hint=always_a_hint,
        answer={},
        methods=("PUT", "POST"),
    )


PROVIDER = Provider(
    name="momo",
    settings=MomoSettings,
    offer=_offer,
    terms=_terms,
    reference=ids.momo_reference,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=MomoClient,
    refunds=opened,
    pays_out=opened,
    tells_balance=opened,
    names_holders=opened,
    answers_at=AnswersAt(payout="mm1", refund="mm1"),
    asks_by_ours=True,
)
