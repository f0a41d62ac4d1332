"""The rails payouts may take: every installed provider that pays out."""

from collections.abc import Mapping

from models.payout_rail import PayoutRail, PaysTo
from models.places import ProviderWallet
from providers.registry import Ready


def wallet_rails(providers: Mapping[str, Ready]) -> dict[str, PayoutRail]:
    """One rail per provider that pays to wallets, by its name."""
    return {name: _rail(ready) for name, ready in providers.items() if ready.payer() is not None}


def _rail(ready: Ready) -> PayoutRail:
    provider, offer = ready.provider, ready.offer
    return PayoutRail(
        name=provider.name,
        title=offer.title,
        pays_to=PaysTo.WALLET,
        countries=offer.countries,
        limits=offer.limits,
        terms=ready.terms,
        place=ProviderWallet(provider=provider.name, wallet=provider.pays_from),
        names_holders=provider.names_holders is not None,
    )
