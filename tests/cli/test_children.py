"""A child is known by id and start time, dies when asked, and is named when it dies unasked."""

import os
import subprocess
import sys
import time

import pytest

from cli.stack.children import ChildDied, Children
from cli.stack.processes import born, family
from cli.stack.state import State
from tests.cli.conftest import Script

LIVES = "import time; print('ready'); time.sleep(60)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN);" + LIVES
PARENT = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', {child!r}], "
PARENT += "start_new_session=True);" + LIVES


def test_a_child_runs_in_a_session_of_its_own(children: Children, script: Script) -> None:
    component = script(LIVES)
    children.launch(component)
    children.wait_ready(component)
    pid = children.pid("child")
    assert os.getsid(pid) == pid
    assert children.alive("child")


def test_launching_twice_starts_one_process(children: Children, script: Script) -> None:
    component = script(LIVES)
    children.launch(component)
    first = children.pid("child")
    children.launch(component)
    assert children.pid("child") == first


def test_a_process_of_the_same_id_born_later_is_not_ours(
    children: Children, script: Script, state: State
) -> None:
    children.launch(script(LIVES))
    record = state.read()["processes"]["child"]
    state.remember(processes={"child": {**record, "born": "long ago"}})
    assert not children.alive("child")
    state.remember(processes={"child": record})
    assert children.alive("child")


def test_a_stranger_with_a_remembered_id_is_not_killed(children: Children, state: State) -> None:
    with subprocess.Popen([sys.executable, "-c", LIVES], stdout=subprocess.DEVNULL) as stranger:
        record = {"pid": stranger.pid, "born": "long ago", "stop_with": 15, "patience": 1.0}
        state.remember(processes={"child": record})
        children.stop("child")
        children.kill("child")
        assert stranger.poll() is None
        stranger.kill()


def test_a_stubborn_child_is_killed_after_its_patience(children: Children, script: Script) -> None:
    component = script(STUBBORN, patience=0.2)
    children.launch(component)
    children.wait_ready(component)
    pid = children.pid("child")
    children.stop("child")
    assert born(pid) is None
    assert children.remembered() == []


def test_killing_takes_grandchildren_in_other_sessions_along(
    children: Children, script: Script
) -> None:
    component = script(PARENT.format(child="import time; time.sleep(60)"))
    children.launch(component)
    children.wait_ready(component)
    everyone = family(children.pid("child"))
    children.kill("child")
    assert len(everyone) == 2
    assert [born(pid) for pid in everyone] == [None, None]


def test_a_child_that_dies_while_starting_is_named_with_its_last_lines(
    children: Children, script: Script
) -> None:
    component = script("print('the reason'); raise SystemExit(3)", name="api")
    children.launch(component)
    with pytest.raises(ChildDied, match=r"(?s)api ended while starting.*the reason"):
        children.wait_ready(component)


def test_a_child_that_ended_before_it_could_be_looked_at_is_not_alive(
    children: Children, script: Script
) -> None:
    children.launch(script("print('ready')", name="quick"))
    records = children._records()
    records["quick"]["born"] = None
    children._state.remember(processes=records)
    deadline = time.monotonic() + 60
    while children.alive("quick") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not children.alive("quick")


def test_a_dead_child_stays_remembered_until_it_is_stopped(
    children: Children, script: Script
) -> None:
    component = script("print('ready')")
    children.launch(component)
    children.wait_ready(component)
    children.kill("nobody")
    deadline = time.monotonic() + 60
    while children.alive("child") and time.monotonic() < deadline:
        time.sleep(0.01)
    assert children.remembered() == ["child"]
    children.stop("child")
    assert children.remembered() == []
