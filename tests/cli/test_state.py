"""The state folder: secrets for its owner only, one starter at a time, nothing foreign erased."""

import socket
import stat
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
