"""The state folder: secrets for its owner only, one starter at a time, nothing foreign erased."""

import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.stack.ports import choose, is_free
from cli.stack.state import StackBusy, State


def test_secrets_are_random_kept_and_private(state: State, tmp_path: Path) -> None:
    other = State(tmp_path / "other")
    other.create()
    before = state.secrets()
    state.create()
    assert state.secrets() == before
    assert set(before.values()).isdisjoint(other.secrets().values())
    assert stat.S_IMODE((state.path / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((state.path / "logs").stat().st_mode) == 0o700


def test_facts_are_added_to_what_is_remembered(state: State) -> None:
    state.remember(ports={"api": 1})
    state.remember(seeded=True)
    assert state.read() == {"ports": {"api": 1}, "seeded": True}


def test_two_do_not_work_on_one_folder_at_once(state: State) -> None:
    with state.alone(), pytest.raises(StackBusy), State(state.path).alone():
        pytest.fail("both hold the folder")


def test_erasing_forgets_data_and_secrets(state: State) -> None:
    (state.path / "temporal").mkdir()
    before = state.secrets()
    state.erase()
    state.create()
    assert not (state.path / "temporal").exists()
    assert state.secrets() != before


def test_erasing_spares_a_folder_that_is_not_ours(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep me")
    State(tmp_path).erase()
    assert (tmp_path / "letter.txt").read_text() == "keep me"


def test_a_usual_port_that_is_taken_is_not_chosen() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        taken = holder.getsockname()[1]
        assert not is_free(taken)
        assert choose(taken) != taken
    assert choose(taken) == taken
    assert choose(taken, [taken]) != taken


_CHOOSES = """
import sys, pathlib
from cli.stack.ports import choose
print(choose(0, notes=pathlib.Path(sys.argv[1])), flush=True)
input()
"""


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "ports"


@pytest.fixture
def elsewhere(notes: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that has chosen a port, says which, and does not listen on it yet."""
    command, pipe = [sys.executable, "-c", _CHOOSES, str(notes)], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as other:
        yield other
        other.kill()


def test_a_port_that_another_process_has_just_chosen_is_left_to_it(
    notes: Path, elsewhere: subprocess.Popen[str]
) -> None:
    assert elsewhere.stdout is not None
    port = int(elsewhere.stdout.readline())
    assert is_free(port)
    assert choose(port, notes=notes) != port
    elsewhere.kill()
    elsewhere.wait()
    assert choose(port, notes=notes) == port


def test_a_choice_is_held_for_a_minute(notes: Path, elsewhere: subprocess.Popen[str]) -> None:
    assert elsewhere.stdout is not None
    port = int(elsewhere.stdout.readline())
    assert choose(port, notes=notes, clock=lambda: time.time() + 61) == port


def test_what_was_chosen_and_given_up_is_chosen_again_by_the_same_process(notes: Path) -> None:
    port = choose(0, notes=notes)
    assert choose(port, notes=notes) == port


def test_notes_that_were_cut_short_hold_nothing(notes: Path) -> None:
    notes.write_text('{"20000": [1,')
    assert choose(20_000, notes=notes) in range(20_000, 32_000)
