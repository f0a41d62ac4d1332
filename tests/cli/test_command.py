"""The command line: quick to start, every command there, doctor and up tell the truth."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.__main__ import COMMANDS, load
from cli.stack.processes import born
from cli.stack.state import State

KAURI = [sys.executable, "-m", "cli"]


def run(*arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "200", **variables}
    return subprocess.run(
        [*KAURI, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_can_be_loaded(name: str) -> None:
    assert load(name).name == name


def test_loading_the_command_line_loads_no_server_code() -> None:
    source = "import cli.__main__, sys; print([m for m in ('temporalio', 'fastapi', 'sqlalchemy', "
    source += "'psycopg', 'httpx', 'pydantic') if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", source], capture_output=True, check=True)
    assert shown.stdout.decode().strip() == "[]"


def test_status_of_nothing_is_nothing(tmp_path: Path) -> None:
    shown = run("status", "--json", folder=tmp_path)
    assert json.loads(shown.stdout) == {"running": {}, "dead": [], "urls": {}}
    assert list(tmp_path.iterdir()) == []


def test_down_of_nothing_is_harmless(tmp_path: Path) -> None:
    stopped = run("down", folder=tmp_path)
    assert (stopped.returncode, stopped.stdout.strip()) == (0, "nothing was running")


def checks(answer: subprocess.CompletedProcess[str]) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for check in json.loads(answer.stdout)["checks"]}


def test_doctor_says_how_to_mend_what_is_missing(tmp_path: Path) -> None:
    answer = run(
        "doctor", "--json",
        folder=tmp_path,
        DATABASE_URL="postgresql://nobody@127.0.0.1:1/none",
        TEMPORAL_ADDRESS="127.0.0.1:1",
        KAURI_ENV="production",
    )  # fmt: skip
    found = checks(answer)
    assert answer.returncode == 1
    assert not found["PostgreSQL"]["ok"]
    assert "unset the variable" in found["Temporal"]["mend"]
    assert "KAURI_CODEC_KEYS is the development default" in found["settings"]["says"]
    assert found["Python"]["ok"]


def test_a_bad_setting_is_explained_without_a_traceback(tmp_path: Path) -> None:
    answer = run("up", "--temporal", "cloud", folder=tmp_path)
    assert answer.returncode == 2
    assert "'dev', 'server'" in answer.stderr


def test_ctrl_c_stops_the_whole_stack(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    process = subprocess.Popen(
        [*KAURI, "up", "--state", str(folder), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    with process.stdout as shown:
        document = ""
        while not document.endswith("}\n"):
            document += shown.readline()
            assert process.poll() is None, document
        records = State(folder).read()["processes"]
        process.send_signal(signal.SIGINT)
        assert process.wait(120) == 0
    assert json.loads(document)["api_key"].startswith("kk_test_")
    assert list(records) == ["postgres", "simulators", "temporal", "api", "worker"]
    assert [name for name, record in records.items() if born(record["pid"])] == []
    assert State(folder).read()["processes"] == {}
    State(folder).erase()


def test_up_names_the_child_that_dies_with_its_last_words(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    answer = run("up", "--state", str(folder), "-d", folder=tmp_path, KAURI_PROVIDERS="nosuch")
    assert answer.returncode == 1
    assert "api ended while starting" in answer.stdout
    assert "provider 'nosuch' is unknown" in answer.stdout
    assert State(folder).read()["processes"] == {}
    State(folder).erase()
