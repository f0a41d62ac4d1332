"""`kauri messages`: the reports' path is ours, a partner's name is kept once per gateway."""

import re
from typing import Any

import psycopg
import pytest
from typer.testing import CliRunner

from cli.messages import messages_app
from models import ids


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


@pytest.mark.parametrize("name", ["", "A NAME OF MORE THAN ELEVEN", "Ümoja"])
def test_a_name_operators_would_not_carry_is_refused(
    urls: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("KAURI_DATABASE_URL", urls.app)
    told = CliRunner().invoke(messages_app, ["sender", ids.mint(ids.ORG), "airtouch", name])
    assert isinstance(told.exception, psycopg.errors.CheckViolation)
