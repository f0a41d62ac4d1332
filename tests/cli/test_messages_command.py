"""`kauri messages`: the reports' path is ours, a partner's name is kept once per gateway."""

import json
import re
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from cli.messages import messages_app
from models import ids
from tests.cli.small_api import Serve


def test_the_path_of_reports_is_neutral_and_tagged() -> None:
    told = CliRunner().invoke(messages_app, ["report-path"]).stdout.strip()
    assert re.fullmatch(r"/in/sm1/00000000000070008000000000000001\.[0-9a-f]{32}", told)


def test_a_partner_has_one_name_per_gateway(urls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)
    org = ids.uuid7()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("insert into orgs (id, kind, name) values (%s, 'partner', 'A')", [org])
        for name in ("UMOJA", "UMOJA SACCO"):
            command = ["sender", ids.shown(ids.ORG, org), "airtouch", name]
            assert CliRunner().invoke(messages_app, command).exit_code == 0
        kept = connection.execute("select gateway, sender, livemode from message_senders")
        assert kept.fetchall() == [("airtouch", "UMOJA SACCO", False)]


CHOSEN = {"object": "message_languages", "people": "sw", "clients": "fr", "livemode": False}


def test_the_languages_are_shown_and_chosen_with_a_key_of_the_partner(serve: Serve) -> None:
    asked: list[tuple[str, str]] = []

    def answers(method: str, path: str, _key: str) -> tuple[int, object]:
        asked.append((method, path))
        return 200, CHOSEN

    known = ["languages", "--key", "kk_test_partner", "--api", serve(answers)]
    shown = CliRunner().invoke(messages_app, known)
    put = CliRunner().invoke(messages_app, [*known, "--people", "sw", "--clients", "fr", "--json"])
    assert "sw" in shown.output
    assert json.loads(put.output) == CHOSEN
    assert asked == [("GET", "/v1/messages/languages"), ("PUT", "/v1/messages/languages")]


@pytest.mark.parametrize("wrong", [["--clients", "fr"], ["--people", "de"]])
def test_a_choice_that_is_none_changes_nothing(serve: Serve, wrong: list[str]) -> None:
    def answers(*_asked: str) -> tuple[int, object]:
        raise AssertionError("nothing is to be asked")

    known = ["languages", "--key", "kk_test_partner", "--api", serve(answers)]
    assert CliRunner().invoke(messages_app, [*known, *wrong]).exit_code == 2


@pytest.mark.parametrize("name", ["", "A NAME OF MORE THAN ELEVEN", "Ümoja"])
def test_a_name_operators_would_not_carry_is_refused(
    urls: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)
    told = CliRunner().invoke(messages_app, ["sender", ids.mint(ids.ORG), "airtouch", name])
    assert isinstance(told.exception, psycopg.errors.CheckViolation)
