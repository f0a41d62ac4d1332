"""The real thing: data and ports survive kills and restarts; nothing is left behind."""

import urllib.request

import psycopg
import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributePair, TypedSearchAttributes
from typer.testing import CliRunner

from cli.__main__ import app
from cli.stack import namespace
from cli.stack.processes import born, family
from cli.stack.stack import Stack
from models.ids import uuid7
from workflows.attributes import MODE, ORG, PROVIDER, STATUS


def count_orgs(stack: Stack) -> int:
    with psycopg.connect(stack.urls.database_admin) as connection:
        row = connection.execute("select count(*) from orgs").fetchone()
    assert row is not None
    return int(row[0])


def test_the_demo_merchants_key_is_shown_by_the_start_that_made_it(stack: Stack) -> None:
    assert stack.api_key is not None
    assert stack.api_key.startswith("kk_test_")
    again = Stack(stack.state.path, components=["postgres", "temporal", "simulators"])
    again.start()
    assert again.api_key is None
    assert stack.api_key not in (stack.state.path / "state.json").read_text()


def test_starting_again_starts_nothing(stack: Stack) -> None:
    before = {name: stack.children.pid(name) for name in stack.running()}
    urls = stack.start()
    assert {name: stack.children.pid(name) for name in stack.running()} == before
    assert urls == stack.urls


@pytest.mark.parametrize("name", ["postgres", "temporal", "simulators"])
def test_a_killed_component_comes_back_on_its_port(stack: Stack, name: str) -> None:
    everyone = family(stack.children.pid(name))
    before = stack.urls
    stack.kill(name)
    assert [born(pid) for pid in everyone] == [None] * len(everyone)
    stack.restart(name)
    assert name in stack.running()
    assert stack.urls == before


def test_committed_rows_survive_a_kill_of_postgresql(stack: Stack) -> None:
    with psycopg.connect(stack.urls.database_admin) as connection:
        insert = "insert into orgs (id, kind, name) values (%s, 'merchant', 'survivor')"
        connection.execute(insert, [uuid7()])
    before = count_orgs(stack)
    stack.kill("postgres")
    stack.restart("postgres")
    assert count_orgs(stack) == before


def test_postgresql_checks_its_pages_and_refuses_a_wrong_password(stack: Stack) -> None:
    with psycopg.connect(stack.urls.database_admin) as connection:
        row = connection.execute("show data_checksums").fetchone()
    assert row == ("on",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(stack.urls.database.replace("kauri_app:", "kauri_app:x"))


async def test_a_workflow_with_every_attribute_starts_at_once(stack: Stack) -> None:
    client = await Client.connect(stack.urls.temporal, namespace="kauri")
    keys = (STATUS, PROVIDER, ORG, MODE)
    attributes = TypedSearchAttributes([SearchAttributePair(key, "x") for key in keys])
    handle = await client.start_workflow(
        "none", id=uuid7().hex, task_queue="none", search_attributes=attributes
    )
    described = await handle.describe()
    await handle.terminate()
    assert described.typed_search_attributes.get(STATUS) == "x"
    assert namespace.missing(stack.plan.place) == []


def test_what_our_processes_are_told_is_valid_settings(stack: Stack) -> None:
    settings = stack.settings()
    assert settings.database_url == stack.urls.database
    assert settings.callback_secret != b""
    assert "kauri-development-key" not in settings.vault_keys.get_secret_value()


def test_the_simulators_answer(stack: Stack) -> None:
    with urllib.request.urlopen(f"{stack.urls.simulators}/healthz") as answer:
        assert answer.status == 200


def test_stopping_leaves_no_process_and_starting_again_finds_the_data(stack: Stack) -> None:
    everyone = [pid for name in stack.running() for pid in family(stack.children.pid(name))]
    before = count_orgs(stack)
    assert stack.stop() == ["postgres", "simulators", "temporal"]
    assert [pid for pid in everyone if born(pid)] == []
    assert stack.stop() == []
    stack.start()
    assert count_orgs(stack) == before


def test_an_unknown_component_is_refused_by_name(stack: Stack) -> None:
    with pytest.raises(ValueError, match="redis: one of postgres"):
        Stack(stack.state.path, components=["redis"])


def test_a_running_stack_does_not_pretend_to_take_another_wait_scale(stack: Stack) -> None:
    asked = ["up", "--detach", "--state", str(stack.state.path), "--wait-scale", "0.25"]
    refused = CliRunner().invoke(app, asked)
    assert refused.exit_code == 1
    assert "--wait-scale" in refused.output
