"""`kauri partners` and `kauri keys rotate`: what they print is what there is."""

from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from api.keys import PARTNER_SCOPES, digest
from cli.__main__ import app
from models import ids
from tests.conftest import Urls

_KEY = """
select k.scopes, k.livemode, o.kind, o.id from api_keys k join orgs o on o.id = k.org_id
 where k.digest = %s"""


@pytest.fixture(autouse=True)
def _here(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)


def kauri(*arguments: str) -> list[str]:
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 0, ended.output
    return ended.output.splitlines()


def held(urls: Urls, key: str) -> tuple[Any, ...]:
    with psycopg.connect(urls.admin) as connection:
        row = connection.execute(_KEY, [digest(key)]).fetchone()
    assert row is not None
    return row


def test_a_new_partner_is_shown_its_key_and_may_do_what_partners_do(urls: Urls) -> None:
    org, key = kauri("partners", "add", "Boda Sacco")
    assert key.startswith("kk_test_")
    assert held(urls, key) == (
        list(PARTNER_SCOPES), False, "partner", ids.parsed(ids.ORG, org),
    )  # fmt: skip


def test_another_key_may_do_less(urls: Urls) -> None:
    org, _key = kauri("partners", "add", "Boda Sacco", "--live")
    (key,) = kauri("partners", "key", org, "--live", "--scope", "loans:read")
    assert held(urls, key)[:2] == (["loans:read"], True)


def test_a_scope_that_is_no_partners_is_refused(urls: Urls) -> None:
    org, _key = kauri("partners", "add", "Boda Sacco")
    ended = CliRunner().invoke(app, ["partners", "key", org, "--scope", "operator"])
    assert ended.exit_code == 2
    assert "loans:read" in ended.output


def test_rotation_says_what_it_did(urls: Urls) -> None:
    assert kauri("keys", "rotate") == ["0 data keys are wrapped under the newest key"]
    assert kauri("keys", "rotate", "--data-keys", "--settle", "0") == [
        "0 data keys are wrapped under the newest key; 0 values are sealed under new data keys"
    ]
