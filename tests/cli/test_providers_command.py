"""`kauri providers`: how rails do, maintenance, and addresses for portals."""

import json
import re

import pytest
from typer.testing import CliRunner

from cli.providers import providers_app
from tests.cli.small_api import Serve

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


def test_without_a_command_it_tells_how_every_rail_does(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    rail = {"provider": "mpesa", "operation": "collect", "state": "open", "waiting": 7}
    asked: list[tuple[str, str, str]] = []

    def answers(method: str, path: str, key: str) -> tuple[int, object]:
        asked.append((method, path, key))
        return 200, {"data": [rail]}

    api = serve(answers)
    for command in ([], ["health"]):
        told = CliRunner().invoke(providers_app, [*command, "--key", "k", "--api", api])
        assert all(word in told.stdout for word in ("mpesa", "collect", "open", "7"))
    assert asked == [("GET", "/v1/operator/rails", "Bearer k")] * 2


def test_maintenance_is_announced_and_ended(serve: Serve) -> None:
    asked: list[tuple[str, str]] = []

    def answers(method: str, path: str, _key: str) -> tuple[int, object]:
        asked.append((method, path))
        return 201, {"id": "mw_1", "provider": "mpesa"}

    common = ["--key", "k", "--api", serve(answers), "--json"]
    times = ["--from", "2026-03-01T22:00:00+03:00", "--to", "2026-03-02T02:00:00+03:00"]
    said = ["maintenance", "mpesa", *times, "--reason", "upgrade", *common]
    told = CliRunner().invoke(providers_app, said)
    assert json.loads(told.stdout)["id"] == "mw_1"
    CliRunner().invoke(providers_app, ["resume", "mw_1", *common])
    assert asked == [
        ("POST", "/v1/operator/rails/mpesa/maintenance"),
        ("POST", "/v1/operator/rails/maintenance/mw_1/cancel"),
    ]
