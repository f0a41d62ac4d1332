"""The production shape without Docker: Temporal server 1.30 on our PostgreSQL, and its Web UI."""

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from cli.stack import temporal_config, temporal_schema
from cli.stack.children import Component
from cli.stack.namespace import Place, answers
from cli.stack.ours import YIELDS
from cli.stack.state import State
from cli.stack.web import serves


@dataclass(frozen=True, slots=True, kw_only=True)
class Programs:
    """The server, and the tool that brings its schema up."""

    server: Path
    sql: Path


def component(state: State, programs: Programs, ports: dict[str, int]) -> Component:
    """The server: four services in one process, its schema brought up to date first."""
    folder = state.path / "temporal"
    return Component(
        name="temporal",
        command=(
            str(programs.server),
            *("--root", str(folder), "--config", "config", "--env", "kauri"),
            *("--allow-no-auth", "start"),
        ),
        env=dict(os.environ),
        prepare=partial(_prepare, state, programs, ports),
        ready=partial(
            answers, Place(address=f"127.0.0.1:{ports['temporal']}", namespace="default")
        ),
        patience=20.0,
        yields=YIELDS,
    )


def ui_component(state: State, program: Path, ports: dict[str, int], codec: str) -> Component:
    """The Web UI, a program of its own beside the real server."""
    folder = state.path / "temporal" / "ui"
    return Component(
        name="ui",
        command=(
            str(program),
            "--root",
            str(folder),
            "--config",
            "config",
            "--env",
            "kauri",
            "start",
        ),
        env=dict(os.environ),
        prepare=partial(_write_ui, folder, ports, codec),
        ready=partial(serves, f"http://127.0.0.1:{ports['ui']}/"),
    )


def _prepare(state: State, programs: Programs, ports: dict[str, int]) -> None:
    temporal_schema.bring_up(programs.sql, state, ports["postgres"])
    password = state.secrets()["temporal_password"]
    temporal_config.write(state.path / "temporal", ports, password)


def _write_ui(folder: Path, ports: dict[str, int], codec: str) -> None:
    config = {
        "temporalGrpcAddress": f"127.0.0.1:{ports['temporal']}",
        "host": "127.0.0.1",
        "port": ports["ui"],
        "enableUi": True,
        "codec": {"endpoint": codec},
        "defaultNamespace": "kauri",
    }
    temporal_config.write_private(folder / "config" / "kauri.yaml", config)
