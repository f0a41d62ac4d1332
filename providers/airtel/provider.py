"""Airtel Money: collections, refunds, payouts, holders."""

from collections.abc import Mapping
from uuid import UUID

from models.charge import Limits, Offer, Terms
from models.money import EXPONENTS
from providers.airtel.client import AirtelClient
from providers.airtel.envelope import read_error
from providers.airtel.messages import (
    read_balance,
    read_callback,
    read_collect_ack,
    read_collect_status,
    read_disburse_ack,
    read_disburse_status,
    read_refund_ack,
    read_user,
)
from providers.airtel.names import attempt_of, transaction_id
from providers.airtel.proof import is_from_airtel
from providers.airtel.settings import AirtelSettings
from providers.airtel.wallet import AirtelWallet, opened_to_pay
from providers.contract import Callbacks, Provider, Standing, always_a_hint

MESSAGES = {
    "collect_ack": read_collect_ack,
    "collect_status": read_collect_status,
    "callback": read_callback,
    "disburse_ack": read_disburse_ack,
    "disburse_status": read_disburse_status,
    "refund_ack": read_refund_ack,
    "balance": read_balance,
    "user": read_user,
    "error": read_error,
}


def _offer(settings: AirtelSettings) -> Offer:
    unit = 10 ** EXPONENTS[settings.currency]
    limits = Limits(
        currency=settings.currency,
        minimum=settings.minimum * unit,
        maximum=settings.maximum * unit,
        step=unit,
    )
    countries = (settings.country,)
    return Offer(provider="airtel", title="Airtel Money", countries=countries, limits=(limits,))


def _terms(settings: AirtelSettings) -> Terms:
    # We name the transaction: not found, once settled, means never received.
    return settings.terms(absence_proves=True)


def _named_in(raw: bytes) -> UUID | None:
    """The attempt a callback is about."""
    return attempt_of(read_callback(raw).our_reference)


def _callbacks(settings: AirtelSettings) -> Callbacks:
    # Callbacks name no amount and may be unsigned: the enquiry says what happened.
    def proves(raw: bytes, headers: Mapping[str, str]) -> bool:
        return is_from_airtel(settings, raw, headers)

    return Callbacks(
        slug="am1",
        read=read_callback,
        hint=always_a_hint,
        answer={},
        standing=Standing(attempt=_named_in, proves=proves),
    )


PROVIDER = Provider(
    name="airtel",
    settings=AirtelSettings,
    offer=_offer,
    terms=_terms,
    reference=transaction_id,
    messages=MESSAGES,
    callbacks=_callbacks,
    collects=AirtelClient,
    refunds=AirtelWallet,
    pays_out=opened_to_pay,
    tells_balance=AirtelWallet,
    names_holders=AirtelWallet,
    asks_by_ours=True,
)
