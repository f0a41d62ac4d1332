"""Which gateways are loaded, in which order, and what stops the boot."""

import pytest

from providers.gateways import BadGateway, load

_SET = {
    "SMS_USERNAME": "u",
    "SMS_API_KEY": "canary-key",
    "SMS_SENDER": "KAURI",
    "AT_USERNAME": "sandbox",
    "AT_API_KEY": "canary-key",
    "SMTP_HOST": "localhost",
    "SMTP_SENDER": "kauri@example.org",
}


@pytest.fixture
def _configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _SET.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_configured")
async def test_gateways_come_in_the_order_they_are_named() -> None:
    found = load([" airtouch ", " africastalking", "smtp"])
    assert [one.name for one in found] == ["airtouch", "africastalking", "smtp"]
    for one in found:
        await one.aclose()


def test_none_named_is_none_loaded() -> None:
    assert load([""]) == []


@pytest.mark.usefixtures("_configured")
@pytest.mark.parametrize("names", [["pigeon"], ["smtp", "smtp"]])
def test_an_unknown_or_repeated_name_stops_the_boot(names: list[str]) -> None:
    with pytest.raises(BadGateway, match=names[0]):
        load(names)


def test_a_gateway_without_settings_stops_the_boot_and_is_named() -> None:
    with pytest.raises(BadGateway, match="airtouch"):
        load(["airtouch"])
