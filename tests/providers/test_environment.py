"""Provider settings: where they come from, what is refused, what never shows."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from providers.momo.settings import MomoSettings
from providers.mpesa.settings import MpesaSettings

GIVEN = {
    "CONSUMER_KEY": "canary-key",
    "CONSUMER_SECRET": "canary-secret",
    "SHORT_CODE": "600111",
    "PASSKEY": "canary-passkey",
}


@pytest.fixture(autouse=True)
def _given(monkeypatch: pytest.MonkeyPatch) -> None:
    for prefix in ("MPESA_", "MPESA_LIVE_"):
        for name, value in GIVEN.items():
            monkeypatch.setenv(f"{prefix}{name}", value)


def test_settings_come_from_the_environment() -> None:
    settings = MpesaSettings()
    assert settings.short_code == "600111"
    assert settings.passkey.get_secret_value() == "canary-passkey"


def test_another_prefix_is_another_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPESA_LIVE_SHORT_CODE", "700222")
    codes = MpesaSettings().short_code, MpesaSettings(_env_prefix="MPESA_LIVE_").short_code
    assert codes == ("600111", "700222")


def test_a_secret_may_be_handed_over_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "passkey").write_text("from-file\n")
    for prefix in ("MPESA_", "MPESA_LIVE_"):
        monkeypatch.delenv(f"{prefix}PASSKEY")
        monkeypatch.setenv(f"{prefix}PASSKEY_FILE", str(tmp_path / "passkey"))
    for settings in (MpesaSettings(), MpesaSettings(_env_prefix="MPESA_LIVE_")):
        assert settings.passkey.get_secret_value() == "from-file"


@pytest.mark.parametrize(
    "url",
    [
        "https://api.safaricom.co.ke",
        "http://127.0.0.1:9000/daraja/",
        "http://localhost:9000",
        "http://simulators:9000",
    ],
)
def test_near_addresses_may_be_plain(url: str) -> None:
    assert MpesaSettings(base_url=url).base_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://api.safaricom.co.ke",
        "http://10.0.0.7",
        "ftp://localhost",
        "https://canary:secret@host.example",
        "https://host.example/?canary=1",
        "http://",
        "canary",
    ],
)
def test_an_address_that_would_leak_credentials_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MpesaSettings(base_url=url)
    assert "base_url" in str(refused.value)
    assert "canary" not in str(refused.value)


@pytest.mark.parametrize(
    "wrong", [{"short_code": "canary"}, {"zone": "Africa/Canary"}, {"call_deadline": 60}]
)
def test_a_wrong_setting_is_named_and_not_quoted(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        MpesaSettings(**wrong)  # type: ignore[arg-type]  # wrong on purpose
    assert next(iter(wrong)) in str(refused.value)


@pytest.mark.parametrize("wrong", [{"currency": "QQQ"}, {"target_environment": "mtnmars"}])
def test_mtn_takes_known_markets_and_currencies(wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        MomoSettings(subscription_key="a", api_user="b", api_key="c", **wrong)  # type: ignore[arg-type]  # wrong on purpose
