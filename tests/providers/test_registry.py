"""A missing or broken provider stops the boot and is named."""

from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest

from providers.contract import Provider
from providers.momo.settings import MomoSettings
from providers.mpesa.settings import MpesaSettings
from providers.registry import BadProvider, known, load
from tests.providers.sheets import momo, mpesa

OURS = {"mpesa": mpesa.SHEET.provider, "momo": momo.SHEET.provider}


def ready(sheet_provider: Provider, settings: object) -> Provider:
    """The provider with its settings already read."""
    return replace(sheet_provider, settings=lambda: settings)


def test_ours_are_known_and_an_outsider_joins_by_entry_point() -> None:
    plugin = EntryPoint("other", "tests.providers.sheets.outsider:PROVIDER", "kauri.providers")
    ours = ["mpesa", "momo", "wave", "airtel", "orange", "orange_cm", "cards", "camtel"]
    assert list(known(plugins=[])) == ours
    assert list(known(plugins=[plugin])) == [*ours, "outsider"]


@pytest.mark.parametrize(
    ("builtin", "value", "named"),
    [
        (("providers.nowhere.provider",), None, "nowhere"),
        (("providers.registry",), None, "providers.registry"),
        (("providers.mpesa.provider",) * 2, None, "registered twice"),
        ((), "providers.nowhere:PROVIDER", "broken"),
        ((), "providers.registry:BUILTIN", "holds no Provider"),
    ],
)
def test_a_broken_registration_names_itself(
    builtin: tuple[str, ...], value: str | None, named: str
) -> None:
    plugins = [EntryPoint("broken", value, "kauri.providers")] if value else []
    with pytest.raises(BadProvider, match=named):
        known(builtin, plugins)


def test_loading_reads_settings_and_gives_offer_terms_callbacks_and_client() -> None:
    providers = {"mpesa": ready(OURS["mpesa"], mpesa.SETTINGS)}
    found = load(["mpesa", ""], providers=providers)["mpesa"]
    assert found.offer.provider == "mpesa"
    assert found.terms.horizon == 86_400
    assert found.callbacks is not None
    assert found.client() is not found.client()


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(BadProvider, match="'orange' is unknown"):
        load(["orange"], providers=OURS)


def test_a_name_given_twice_is_refused() -> None:
    with pytest.raises(BadProvider, match="twice"):
        load(["momo", "momo"], providers=OURS)


def test_a_missing_setting_names_provider_and_field(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("MPESA_CONSUMER_KEY", "MPESA_CONSUMER_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(BadProvider, match=r"(?s)'mpesa' is not configured.*consumer_key"):
        load(["mpesa"], providers=OURS)


def test_a_provider_that_does_not_collect_gives_no_client() -> None:
    deaf = replace(ready(OURS["momo"], momo.SETTINGS), collects=None, callbacks=None)
    with pytest.raises(BadProvider, match="does not collect"):
        load(["momo"], providers={"momo": deaf})["momo"].client()


def test_offers_name_what_one_collection_may_carry() -> None:
    kenya = OURS["mpesa"].offer(mpesa.SETTINGS)
    cameroon = OURS["momo"].offer(momo.SETTINGS)
    (shillings,), (francs,) = kenya.limits, cameroon.limits
    assert (shillings.currency, shillings.minimum, shillings.step) == ("KES", 100, 100)
    assert shillings.maximum == 25_000_000
    assert (francs.currency, francs.minimum, francs.step) == ("XAF", 1, 1)
    assert (kenya.countries, cameroon.countries) == (("KE",), ("CM",))


def test_settings_classes_are_the_slots() -> None:
    assert OURS["mpesa"].settings is MpesaSettings
    assert OURS["momo"].settings is MomoSettings
