"""Our own processes: simulators, API and worker, each a Python module on this machine."""

import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from cli.stack.children import Component
from cli.stack.web import serves

#: A worker outlasts the longest provider call before it ends (settings: graceful shutdown).
_WORKER_PATIENCE = 90.0
#: Requests are answered first; what was accepted is carried on with what the cores have left.
YIELDS = 10
_ANSWERS_FIRST = -10


def simulators(port: int, folder: Path, env: Mapping[str, str]) -> Component:
    """The fake providers; their money books survive restarts."""
    arguments = ("--port", str(port), "--state-dir", str(folder))
    return Component(
        name="simulators",
        command=_module("simulators", *arguments),
        env=env,
        prepare=partial(folder.mkdir, exist_ok=True),
        ready=partial(serves, f"http://127.0.0.1:{port}/healthz"),
    )


def api(port: int, env: Mapping[str, str]) -> Component:
    """One uvicorn process on uvloop."""
    arguments = ("--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop", "--no-access-log")
    kept = ("--timeout-keep-alive", "75")  # longer than balancers and clients keep theirs
    peers = ("--no-proxy-headers",)  # api/sources.py alone says which proxy is believed
    return Component(
        name="api",
        command=_module(
            "uvicorn", "api.asgi:app", *arguments, *kept, *peers, "--log-level", "warning"
        ),
        env=env,
        yields=_ANSWERS_FIRST,
        ready=partial(serves, f"http://127.0.0.1:{port}/healthz"),
    )


def worker(log: Path, env: Mapping[str, str]) -> Component:
    """Serves every queue; says so in its log."""
    start = log.stat().st_size if log.exists() else 0
    return Component(
        name="worker",
        command=_module("workers"),
        env=env,
        ready=partial(_says, log, start, b"worker is ready"),
        patience=_WORKER_PATIENCE,
        yields=YIELDS,
    )


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *arguments)


def _says(log: Path, start: int, words: bytes) -> bool:
    """True once the words stand in the log after byte `start`."""
    with log.open("rb") as file:
        file.seek(min(start, os.fstat(file.fileno()).st_size))
        return words in file.read()
