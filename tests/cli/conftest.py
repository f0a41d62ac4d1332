"""Small components to start and kill, a small API, and a stack of our own."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.stack.children import Children, Component
from cli.stack.stack import Stack
from cli.stack.state import State
from tests.cli.small_api import Answers, Serve, served

Script = Callable[..., Component]


@pytest.fixture
def state(tmp_path: Path) -> State:
    """A new state folder."""
    made = State(tmp_path / "state")
    made.create()
    return made


@pytest.fixture
def children(state: State) -> Iterator[Children]:
    """Children of that folder; none outlives the test."""
    made = Children(state)
    yield made
    for name in made.remembered():
        made.kill(name)


@pytest.fixture
def script(children: Children) -> Script:
    """A component that runs Python source and is ready once it has printed `ready`."""

    def make(source: str, *, name: str = "child", patience: float = 5.0) -> Component:
        return Component(
            name=name,
            command=(sys.executable, "-u", "-c", source),
            env=dict(os.environ),
            ready=lambda: "ready" in children.log(name).read_text(),
            patience=patience,
            start_patience=20.0,
        )

    return make


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Puts a small API up and tells its address; tables are printed wide enough to read."""
    monkeypatch.setenv("COLUMNS", "160")
    with ExitStack() as stack:

        def start(answers: Answers) -> str:
            return stack.enter_context(served(answers))

        yield start


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """PostgreSQL, Temporal and simulators, started once for a module of tests."""
    folder = tmp_path_factory.mktemp("stack") / ".kauri"
    for parent in (folder.parent, *folder.parent.parents[:2]):
        parent.chmod(0o755)  # pytest closes its folders; PostgreSQL's own user must pass
    made = Stack(folder, components=["postgres", "temporal", "simulators"], usual_ports=False)
    made.start()
    yield made
    made.stop()
