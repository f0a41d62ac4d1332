"""The bank's settings come from the environment, and its day is Nairobi's."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from providers.ncba.amounts import bank_day
from providers.ncba.settings import NcbaSettings

VARIABLES = {
    "NCBA_BASE_URL": "https://bank.test/test/apigateway/",
    "NCBA_USER_ID": "u",
    "NCBA_PASSWORD": "canary-password",
    "NCBA_SUBSCRIPTION_KEY": "canary-key",
    "NCBA_ACCOUNT": "7744510018",
    "NCBA_RESULT_USER": "bank",
    "NCBA_RESULT_PASSWORD": "canary-result",
    "NCBA_NOTICE_USER": "push",
    "NCBA_NOTICE_PASSWORD": "canary-push",
    "NCBA_NOTICE_SECRET": "canary-secret",
}


def set_all(monkeypatch: pytest.MonkeyPatch, *, but: str = "") -> None:
    for name, value in VARIABLES.items():
        if name == but:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)


def test_settings_make_both_kinds_of_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch)
    settings = NcbaSettings()
    keys, notice = settings.keys(), settings.notice_keys()
    assert (keys.base_url, keys.password) == (
        "https://bank.test/test/apigateway",
        "canary-password",
    )
    assert (notice.user, notice.password, notice.secret) == ("push", "canary-push", "canary-secret")
    assert "canary" not in repr(settings) + repr(keys) + repr(notice)


@pytest.mark.parametrize("missing", VARIABLES)
def test_nothing_has_a_default_that_decides_whose_money_moves(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    set_all(monkeypatch, but=missing)
    with pytest.raises(ValidationError, match=missing.removeprefix("NCBA_").lower()):
        NcbaSettings()


def test_a_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    set_all(monkeypatch, but="NCBA_NOTICE_SECRET")
    (tmp_path / "secret").write_text("from-file\n")
    monkeypatch.setenv("NCBA_NOTICE_SECRET_FILE", str(tmp_path / "secret"))
    assert NcbaSettings().notice_keys().secret == "from-file"


def test_the_banks_day_begins_at_nairobis_midnight() -> None:
    assert bank_day(datetime(2026, 11, 20, 21, 0, tzinfo=UTC)) == date(2026, 11, 21)
    assert bank_day(datetime(2026, 11, 20, 20, 59, tzinfo=UTC)) == date(2026, 11, 20)
