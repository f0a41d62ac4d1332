"""The bank's settings come from the environment, and its day is Nairobi's."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from providers.ncba.amounts import bank_day
from providers.ncba.settings import NcbaSettings

VARIABLES = {
    "NCBA_BASE_URL": "https://bank.test/test/apigateway/",
    "NCBA_USER_ID": "u",
    "NCBA_PASSWORD": "canary-password",
    "NCBA_SUBSCRIPTION_KEY": "canary-key",
    "NCBA_POOL_ACCOUNT": "7744510018",
    "NCBA_NOTICE_USER": "push",
    "NCBA_NOTICE_PASSWORD": "canary-push",
    "NCBA_NOTICE_SECRET": "canary-secret",
}


@pytest.fixture
def _told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("_told")
def test_settings_make_both_kinds_of_keys() -> None:
    settings = NcbaSettings()
    keys, notice = settings.keys(), settings.notice_keys()
    assert settings.configured
    assert (keys.base_url, keys.user_id) == ("https://bank.test/test/apigateway", "u")
    assert (keys.password, keys.subscription_key) == ("canary-password", "canary-key")
    assert (notice.user, notice.password, notice.secret) == ("push", "canary-push", "canary-secret")
    assert "canary" not in repr(settings) + repr(keys) + repr(notice)


@pytest.mark.usefixtures("_told")
@pytest.mark.parametrize("missing", ["NCBA_BASE_URL", "NCBA_POOL_ACCOUNT"])
def test_without_an_address_or_an_account_there_is_no_bank(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    monkeypatch.delenv(missing)
    assert not NcbaSettings().configured


def test_keys_of_no_bank_are_refused_by_the_name_of_the_setting() -> None:
    with pytest.raises(ValueError, match="NCBA_BASE_URL"):
        NcbaSettings(base_url=None).keys()


@pytest.mark.usefixtures("_told")
def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-file\n")
    monkeypatch.delenv("NCBA_NOTICE_SECRET")
    monkeypatch.setenv("NCBA_NOTICE_SECRET_FILE", str(tmp_path / "secret"))
    assert NcbaSettings().notice_keys().secret == "from-file"


def test_the_banks_day_begins_at_nairobis_midnight() -> None:
    assert bank_day(datetime(2026, 11, 20, 21, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert bank_day(datetime(2026, 11, 20, 20, 59, tzinfo=UTC)) == date(2026, 11, 20)
