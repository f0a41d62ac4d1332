"""The rails payouts may take: every installed provider that pays out, and our bank's."""

from collections.abc import Mapping
from dataclasses import replace

from models.charge import Limits, Terms
from models.money_out import BankRail
from models.payout_rail import PayoutRail, PaysTo
from models.places import BankAccount, ProviderWallet
from providers.ncba.payments import LARGEST, SMALLEST
from providers.ncba.settings import NcbaSettings
from providers.registry import Ready

_TITLES = {
    BankRail.PESALINK: "PesaLink",
    BankRail.EFT: "EFT",
    BankRail.RTGS: "RTGS",
    BankRail.INTERNAL: "Transfer within NCBA",
}
#: RTGS has no cap of its own: what a bigint of cents may sum up without care.
_UNCAPPED = 1_000_000_000_00
#: Our statement is asked: it shows a payment minutes after it left, sometimes the next morning.
#: Not being on it proves nothing: a line may come late.
_TERMS = Terms(
    patience=60.0,
    ask_every=(60.0, 300.0, 900.0, 1800.0, 3600.0, 3600.0, 14_400.0),
    settle_time=86_400.0,
    absence_proves=False,
    horizon=259_200.0,
    prompt_lifetime=3_600.0,
)


#: Nobody has to answer a prompt, so a payout is asked about sooner than a charge, and for longer.
_ASKS = (5.0, 15.0, 30.0, 60.0, 120.0, *(300.0,) * 24, 1_800.0)

#: Seconds after which a payout without a final word counts as unknown.
_SILENCE = 300.0


def payout_rails(providers: Mapping[str, Ready], bank: NcbaSettings) -> dict[str, PayoutRail]:
    """Every rail there is, by its name."""
    return {**wallet_rails(providers), **(bank_rails(bank) if bank.configured else {})}


def bank_rails(bank: NcbaSettings) -> dict[str, PayoutRail]:
    """One rail per way to an account at a bank, out of our account at NCBA."""
    place = BankAccount(bank="ncba", account=bank.pool_account)
    return {
        rail.value: PayoutRail(
            name=rail.value,
            title=title,
            pays_to=PaysTo.BANK,
            countries=("KE",),
            limits=(_limits(rail),),
            terms=_TERMS,
            place=place,
            names_holders=rail is BankRail.PESALINK,
            livemode=bank.livemode,
        )
        for rail, title in _TITLES.items()
    }


def _limits(rail: BankRail) -> Limits:
    capped = rail in {BankRail.PESALINK, BankRail.EFT}
    return Limits(
        currency=SMALLEST.currency,
        minimum=1 if rail is BankRail.INTERNAL else SMALLEST.minor,
        maximum=LARGEST.minor if capped else _UNCAPPED,
    )


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
        limits=ready.payout_limits,
        terms=replace(
            ready.terms,
            patience=_ASKS[0],
            ask_every=_ASKS,
            prompt_lifetime=min(ready.terms.prompt_lifetime, _SILENCE),
        ),
        place=ProviderWallet(provider=provider.name, wallet=provider.pays_from),
        names_holders=provider.names_holders is not None,
    )
