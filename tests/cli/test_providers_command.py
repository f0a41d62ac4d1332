"""`kauri providers`: addresses for portals, neutral and tagged."""

import json
import re

import pytest
from typer.testing import CliRunner

from cli.providers import providers_app

_CONFIGURED = {
    "KAURI_PROVIDERS": "momo,wave,airtel,cards",
    "KAURI_PUBLIC_URL": "https://pay.example",
    "MOMO_SUBSCRIPTION_KEY": "k",
    "MOMO_API_USER": "u",
    "MOMO_API_KEY": "k",
    "WAVE_API_KEY": "k",
    "AIRTEL_CLIENT_ID": "c",
    "AIRTEL_CLIENT_SECRET": "s",
    "CARDS_MERCHANT_ID": "TESTKAURI",
    "CARDS_API_PASSWORD": "p",
}


@pytest.fixture
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _CONFIGURED.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_configured")
def test_a_provider_with_one_address_is_told_it() -> None:
    told = json.loads(CliRunner().invoke(providers_app, ["addresses", "--json"]).stdout)
    assert list(told) == ["Wave", "Airtel Money", "Visa and Mastercard"]
    owner = r"00000000000070008000000000000001\.[0-9a-f]{32}"
    assert re.fullmatch(rf"https://pay\.example/in/wv1/{owner}", told["Wave"])
    assert re.fullmatch(rf"https://pay\.example/in/am1/{owner}", told["Airtel Money"])
    assert re.fullmatch(rf"https://pay\.example/in/cd1/{owner}", told["Visa and Mastercard"])


@pytest.mark.usefixtures("_configured")
def test_addresses_are_printed_under_the_providers_names() -> None:
    lines = CliRunner().invoke(providers_app, ["addresses"]).stdout.splitlines()
    assert lines[0::2] == ["Wave", "Airtel Money", "Visa and Mastercard"]
    assert all(line.startswith("  https://pay.example/in/") for line in lines[1::2])
