"""A provider from outside the project: reads one message and collects nothing."""

from models.charge import Offer, Terms
from providers.contract import Provider
from providers.readings import UNREADABLE

PROVIDER = Provider(
    name="outsider",
    settings=dict,
    offer=lambda _: Offer(provider="outsider", title="Outsider", countries=("XX",)),
    terms=lambda _: Terms(
        patience=1, ask_every=(1,), settle_time=60, absence_proves=False, horizon=10
    ),
    reference=str,
    messages={"note": lambda _body, http_status=200: UNREADABLE},
)
