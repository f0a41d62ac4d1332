"""The embedded Temporal: the development server (server, Web UI and SQLite in one program)."""

import os
from functools import partial
from pathlib import Path

from cli.stack.children import Component
from cli.stack.namespace import Place, answers
from cli.stack.ours import YIELDS
from cli.stack.state import State

#: One partition instead of four, and an activity's task handed back with the decision that asks
#: for it instead of by way of a queue (docs/performance.md).
TUNING = {
    "matching.numTaskqueueReadPartitions": "1",
    "matching.numTaskqueueWritePartitions": "1",
    "system.enableActivityEagerExecution": "true",
    "system.forceSearchAttributesCacheRefreshOnRead": "true",
}
#: Of the development server alone: its timers may fire a second late by default, which is long
#: for the scaled waits of tests and demo.
_EXACT = {"history.timerProcessorMaxTimeShift": '"10ms"'}


def tuning() -> list[str]:
    """The words that tell a development server all this."""
    values = {**TUNING, **_EXACT}.items()
    return [word for key, value in values for word in ("--dynamic-config-value", f"{key}={value}")]


def component(state: State, program: Path, ports: dict[str, int], codec: str) -> Component:
    """`temporal server start-dev` on the state folder's database file.

    `codec`: where the Web UI asks for payloads in clear (`kauri codec-server`).
    """
    database = state.path / "temporal" / "dev.sqlite"
    return Component(
        name="temporal",
        command=(
            *(str(program), "server", "start-dev", "--ip", "127.0.0.1", "--log-level", "error"),
            *("--port", str(ports["temporal"]), "--ui-port", str(ports["ui"])),
            *("--db-filename", str(database), "--ui-codec-endpoint", codec),
            *tuning(),
        ),
        env=dict(os.environ),
        prepare=partial(database.parent.mkdir, exist_ok=True),
        ready=partial(
            answers, Place(address=f"127.0.0.1:{ports['temporal']}", namespace="default")
        ),
        patience=15.0,
        yields=YIELDS,
    )
