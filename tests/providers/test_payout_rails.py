"""Which rails payouts may take, and from which of our accounts money leaves by each."""

import pytest

from models.payout_rail import PaysTo
from models.places import BankAccount, ProviderWallet
from providers.contract import Provider
from providers.mpesa.settings import MpesaSettings
from providers.ncba.settings import NcbaSettings
from providers.payout_rails import payout_rails
from providers.registry import Ready
from tests.providers.sheets import momo, mpesa
from tests.providers.sheets.mpesa_key import certificate


def installed(provider: Provider, settings: object) -> Ready:
    return Ready(
        provider=provider,
        settings=settings,
        offer=provider.offer(settings),
        terms=provider.terms(settings),
        callbacks=None,
    )


def ready() -> dict[str, Ready]:
    """MTN as installed."""
    return {"momo": installed(momo.SHEET.provider, momo.SETTINGS)}


def paying_mpesa(**changes: int) -> MpesaSettings:
    """Our short code with an initiator."""
    initiator = {
        "initiator": "house-api",
        "initiator_password": "canary-initiator-password",
        "certificate": certificate(),
    }
    return MpesaSettings(**mpesa.SETTINGS.model_dump() | initiator | changes)


def test_a_wallet_and_every_way_of_the_bank_is_a_rail() -> None:
    bank = NcbaSettings(base_url="https://bank.example", pool_account="7744510018")
    rails = payout_rails(ready(), bank)
    assert list(rails) == ["momo", "pesalink", "eft", "rtgs", "internal"]
    assert rails["momo"].place == ProviderWallet(provider="momo", wallet="collections")
    assert rails["eft"].place == BankAccount(bank="ncba", account="7744510018")
    assert {rails[name].pays_to for name in ("pesalink", "eft", "rtgs", "internal")} == {
        PaysTo.BANK
    }
    largest = {name: rails[name].limits[0].maximum for name in ("pesalink", "rtgs")}
    assert largest["pesalink"] == 99_999_900 < largest["rtgs"]
    assert [name for name, one in rails.items() if one.names_holders] == ["momo", "pesalink"]


def test_mpesa_pays_ten_shillings_at_least_whatever_it_collects() -> None:
    provider = mpesa.SHEET.provider
    settings = paying_mpesa(minimum=1, maximum=300_000)
    rails = payout_rails({"mpesa": installed(provider, settings)}, NcbaSettings())
    limit = rails["mpesa"].limit("KES")
    assert limit is not None
    assert (limit.minimum, limit.maximum, limit.step) == (1_000, 25_000_000, 100)
    assert provider.offer(settings).limits[0].minimum == 100


def test_a_statement_that_shows_nothing_proves_nothing() -> None:
    bank = NcbaSettings(base_url="https://bank.example", pool_account="7744510018")
    assert not any(one.terms.absence_proves for one in payout_rails({}, bank).values())


def test_without_a_bank_there_are_wallets_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NCBA_BASE_URL", raising=False)
    assert list(payout_rails(ready(), NcbaSettings())) == ["momo"]
