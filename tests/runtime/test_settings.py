"""Settings: production refuses what is fine in development, and says which setting it is."""

import base64
from pathlib import Path

import pytest
from pydantic import ValidationError

from runtime.settings import Settings, keyring

KEY = base64.b64encode(bytes(range(32))).decode()
GOOD = {
    "env": "production",
    "codec_keys": f"k1:{KEY}",
    "vault_keys": f"k1:{KEY}",
    "callback_key": KEY,
    "lookup_key": KEY,
}


@pytest.mark.parametrize("name", ["codec_keys", "vault_keys", "callback_key", "lookup_key"])
def test_production_refuses_a_development_secret_and_names_it(name: str) -> None:
    fields = {key: value for key, value in GOOD.items() if key != name}
    with pytest.raises(ValidationError, match=f"KAURI_{name.upper()}"):
        Settings(**fields)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("name", "value"),
    [("wait_scale", 0.5), ("faultpoints", "points"), ("webhook_allow_internal", True)],
)
def test_production_refuses_what_is_for_tests(name: str, value: object) -> None:
    with pytest.raises(ValidationError, match="KAURI_"):
        Settings(**{**GOOD, name: value})  # type: ignore[arg-type]  # fields by name


def test_production_takes_secrets_of_its_own() -> None:
    assert Settings(**GOOD).env == "production"  # type: ignore[arg-type]  # fields by name


def test_a_secret_is_read_from_the_file_a_variable_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "key").write_text(KEY + "\n")
    monkeypatch.setenv("KAURI_CALLBACK_KEY_FILE", str(tmp_path / "key"))
    assert Settings().callback_secret == bytes(range(32))


def test_secrets_do_not_print() -> None:
    assert KEY not in repr(Settings(**GOOD))  # type: ignore[arg-type]  # fields by name


def test_a_key_of_the_wrong_length_is_named_by_its_place() -> None:
    short = Settings(codec_keys=f"a:{KEY},b:AAAA").codec_keys
    with pytest.raises(ValueError, match="key 2"):
        keyring(short)


def test_production_with_a_key_service_needs_no_ring() -> None:
    fields = {**GOOD, "vault_keys": "", "vault_provider": "vault-transit"}
    assert Settings(**fields).vault_provider == "vault-transit"  # type: ignore[arg-type]  # fields by name
