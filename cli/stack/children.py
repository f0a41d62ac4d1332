"""Child processes: each in a session of its own, logged to a file, known by id and start time."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.stack.processes import born, family
from cli.stack.state import State

_TAIL, _WIDTH = 20, 300


class ChildDied(RuntimeError):
    """A child ended by itself, or never became ready; says which, and its last log lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """One process of the stack: how to prepare, start, recognise and stop it."""

    name: str
    command: tuple[str, ...]
    ready: Callable[[], bool]
    env: Mapping[str, str] = field(default_factory=dict)
    #: Keyword arguments of Popen naming another user.
    identity: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[], None] = lambda: None
    #: How far it stands back for the others when the cores are busy (-20 to 19, as nice has it).
    #: Below zero it goes first, where this user may say so.
    yields: int = 0
    stop_with: signal.Signals = signal.SIGTERM
    #: Seconds a polite stop may take before SIGKILL, and seconds a start may take.
    patience: float = 10.0
    start_patience: float = 60.0


class Children:
    """Starts and ends components, and remembers them in the state folder."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._ours: dict[str, subprocess.Popen[bytes]] = {}

    def alive(self, name: str) -> bool:
        """True while the remembered process, and not a later one with its id, runs."""
        self._reap(name)
        record = self._records().get(name) or {}
        began = record.get("born")  # None: it had ended before it could be looked at
        return began is not None and born(record["pid"]) == began

    def pid(self, name: str) -> int:
        """Process id of a live child; KeyError when it is not running."""
        if not self.alive(name):
            raise KeyError(name)
        return int(self._records()[name]["pid"])

    def remembered(self) -> list[str]:
        """Names of children not stopped since they were started, dead ones included."""
        return list(self._records())

    def launch(self, component: Component) -> None:
        """Start a process, unless it runs already."""
        if self.alive(component.name):
            return
        component.prepare()
        with self.log(component.name).open("ab") as log:
            process = subprocess.Popen(
                _command(component),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=dict(component.env),
                start_new_session=True,
                **component.identity,
            )
        self._ours[component.name] = process
        stand_back(process.pid, component.yields)
        self._remember(component, process.pid)

    def wait_ready(self, component: Component) -> None:
        """Wait until a launched component answers. Raises ChildDied."""
        deadline = time.monotonic() + component.start_patience
        while not component.ready():
            if not self.alive(component.name):
                raise ChildDied(
                    f"{component.name} ended while starting\n{self.tail(component.name)}"
                )
            if time.monotonic() > deadline:
                seconds = f"{component.start_patience:.0f} s"
                raise ChildDied(
                    f"{component.name} not ready in {seconds}\n{self.tail(component.name)}"
                )
            time.sleep(0.03)

    def stop(self, name: str) -> None:
        """Ask it to end, wait, and kill what is left of it; harmless when it does not run."""
        if self.alive(name):
            record = self._records()[name]
            everyone = _known(record["pid"])
            _signal([record["pid"]], record["stop_with"])
            if not self._gone(everyone, record["patience"]):
                self._kill(record["pid"], everyone)
        self._forget(name)

    def kill(self, name: str) -> None:
        """SIGKILL the process and all its descendants at once, as a power cut would."""
        if self.alive(name):
            self._kill(self.pid(name), {})
        self._forget(name)

    def log(self, name: str) -> Path:
        """The file a child writes to."""
        return self._state.logs / f"{name}.log"

    def tail(self, name: str) -> str:
        """The last lines of a child's log."""
        log = self.log(name)
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        shown = [line[:_WIDTH] for line in lines[-_TAIL:]]
        return "\n".join([f"last lines of {log}:", *shown])

    def _kill(self, pid: int, earlier: dict[int, str]) -> None:
        # Stopped first, so that it starts no further children. PostgreSQL's backends lead
        # sessions of their own: killing the process group would leave them.
        _signal([pid], signal.SIGSTOP)
        everyone = {**_known(pid), **earlier}
        _signal(_living(everyone), signal.SIGKILL)
        if not self._gone(everyone, 10.0):
            raise RuntimeError(f"processes {_living(everyone)} outlive SIGKILL")

    def _gone(self, everyone: dict[int, str], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while True:
            for name in self._ours:
                self._reap(name)
            if not _living(everyone):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)

    def _reap(self, name: str) -> None:
        if name in self._ours:
            self._ours[name].poll()

    def _records(self) -> dict[str, dict[str, Any]]:
        records: dict[str, dict[str, Any]] = self._state.read().get("processes", {})
        return records

    def _remember(self, component: Component, pid: int) -> None:
        record = {
            "pid": pid,
            "born": born(pid),
            "stop_with": component.stop_with.value,
            "patience": component.patience,
        }
        self._state.remember(processes={**self._records(), component.name: record})

    def _forget(self, name: str) -> None:
        ended = self._ours.pop(name, None)
        if ended is not None:
            ended.wait()  # it is gone already; without this it would stay a zombie
        records = self._records()
        if records.pop(name, None):
            self._state.remember(processes=records)


def _command(component: Component) -> tuple[str, ...]:
    polite = ("nice", "-n", str(component.yields)) if component.yields > 0 else ()
    return (*polite, *component.command)


def stand_back(pid: int, yields: int) -> None:
    """Linux may share the cores between sessions first: then nice counts inside one only.

    Every component has a session of its own, so the session has to stand back too.
    """
    group = Path(f"/proc/{pid}/autogroup")
    if yields and group.exists():
        with contextlib.suppress(OSError):  # refused or too often: nice alone, then
            group.write_text(str(yields))


def _signal(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _known(pid: int) -> dict[int, str]:
    """A process and its descendants, each with its start time."""
    return {one: since for one in family(pid) if (since := born(one))}


def _living(everyone: dict[int, str]) -> list[int]:
    return [pid for pid, since in everyone.items() if born(pid) == since]
