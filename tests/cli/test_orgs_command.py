"""`kauri orgs`: merchants, their terms and their keys, without touching the database by hand."""

import json
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from api.keys import MERCHANT_SCOPES, digest
from cli.__main__ import app
from models import ids
from tests.conftest import Urls


@pytest.fixture(autouse=True)
def _here(urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)


def kauri(*arguments: str) -> str:
    ended = CliRunner().invoke(app, arguments)
    assert ended.exit_code == 0, ended.output
    return ended.output


def told(*arguments: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = json.loads(kauri(*arguments, "--json"))
    return shown


@pytest.fixture
def merchant() -> tuple[str, str]:
    org, key = kauri("orgs", "add", "Duka la Amani").split()
    return org, key


def test_a_new_merchant_pays_no_fee_and_may_do_what_merchants_do(
    merchant: tuple[str, str],
) -> None:
    org, key = merchant
    (terms,) = told("orgs", "terms", org)
    assert (terms["kind"], terms["name"], terms["fee_basis_points"]) == (
        "merchant", "Duka la Amani", 0,
    )  # fmt: skip
    (held,) = told("orgs", "keys", org)
    assert (held["scopes"], held["prefix"]) == (list(MERCHANT_SCOPES), key[:12])
    assert org in {one["id"] for one in told("orgs", "list")}


def test_terms_that_are_named_change_and_the_others_stay(merchant: tuple[str, str]) -> None:
    org, _key = merchant
    kauri("orgs", "terms", org, "--fee-basis-points", "225", "--confirm-payouts", "query")
    kauri("orgs", "terms", org, "--return-fee-on-reversal", "--return-fee-on-refund")
    (terms,) = told("orgs", "terms", org)
    assert (terms["fee_basis_points"], terms["confirm_payouts"]) == (225, "query")
    assert (terms["return_fee_on_reversal"], terms["return_fee_on_refund"]) == (True, True)
    assert terms["duplicate_reference"] == "refuse"


def test_a_second_person_gets_a_key_that_may_approve(merchant: tuple[str, str]) -> None:
    org, _key = merchant
    given = ("--scope", "payouts:read", "--scope", "payouts:approve")
    made = kauri("orgs", "key", org, "amina", *given).strip()
    _first, held = told("orgs", "keys", org)
    assert (held["prefix"], held["principal"]) == (made[:12], "amina")
    assert held["scopes"] == ["payouts:read", "payouts:approve"]


def test_a_revoked_key_is_kept_and_ended(urls: Urls, merchant: tuple[str, str]) -> None:
    org, key = merchant
    assert kauri("orgs", "revoke", org, key[:12]) == "1 revoked\n"
    with psycopg.connect(urls.admin) as connection:
        row = connection.execute(
            "select revoked_at is not null from api_keys where digest = %s", [digest(key)]
        ).fetchone()
    assert row == (True,)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("terms", ids.mint(ids.ORG)), "no such organisation"),
        (("key", ids.mint(ids.ORG), "amina"), "no such merchant"),
        (("key", ids.mint(ids.ORG), "amina", "--scope", "operator"), "payouts:approve"),
        (("terms", "org_1"), "is not a org_… id"),
        (("revoke", ids.mint(ids.ORG), "kk_test_nobo"), "no key of it begins so"),
        (("terms", ids.mint(ids.ORG), "--fee-basis-points", "10001"), "fee-basis-points"),
    ],
)
def test_what_cannot_be_is_refused_by_name(arguments: tuple[str, ...], said: str) -> None:
    ended = CliRunner().invoke(app, ["orgs", *arguments])
    assert ended.exit_code == 2
    assert said in ended.output
