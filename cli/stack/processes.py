"""Processes seen from outside: who is alive, since when, and whose children they are."""

import os
import subprocess
from pathlib import Path

_PROC = Path("/proc")


def born(pid: int) -> str | None:
    """When a live process started, as the system tells it; None for a dead one or a zombie.

    A process id is used again; with its start time it names one process for ever.
    """
    if _PROC.is_dir():
        fields = _stat(pid)
        return None if not fields or fields[0] in "ZX" else fields[19]
    shown = _ps("-o", "state=,lstart=", "-p", str(pid)).split(maxsplit=1)
    return None if len(shown) < 2 or shown[0].startswith("Z") else shown[1].strip()


def family(pid: int) -> list[int]:
    """A process and all its descendants, parents first."""
    parents = _parents()
    found = [pid]
    for one in found:
        found.extend(child for child, parent in parents.items() if parent == one)
    return found


def _parents() -> dict[int, int]:
    if _PROC.is_dir():
        pids = (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit())
        return {pid: int(fields[1]) for pid in pids if (fields := _stat(pid))}
    rows = (line.split() for line in _ps("-axo", "pid=,ppid=").splitlines())
    return {int(row[0]): int(row[1]) for row in rows if len(row) == 2}


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the state on (the name before it may hold anything)."""
    try:
        text = (_PROC / str(pid) / "stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _ps(*arguments: str) -> str:
    command = ["ps", *arguments]
    env = {**os.environ, "LC_ALL": "C"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env).stdout
