"""CPU time by process, seconds, children included."""

from collections import defaultdict
from collections.abc import Mapping

import psutil


class Meter:
    """Reads what each named process tree has used since the last reading."""

    def __init__(self, pids: Mapping[str, int]) -> None:
        self._pids = dict(pids)
        self._before = self._read()

    def spent(self) -> dict[str, float]:
        """Seconds by name since the meter was made or last read."""
        before, self._before = self._before, self._read()
        return {name: self._before[name] - before.get(name, 0.0) for name in self._before}

    def _read(self) -> dict[str, float]:
        used: dict[str, float] = {}
        for name, pid in self._pids.items():
            used |= _postgres(pid) if name == "postgres" else {name: _tree(pid)}
        return used


def _tree(pid: int) -> float:
    root = psutil.Process(pid)
    return _ended(root) + sum(_own(one) for one in (root, *root.children(recursive=True)))


def _postgres(pid: int) -> dict[str, float]:
    """Backends by the database they serve; everything else of PostgreSQL together."""
    root = psutil.Process(pid)
    used = defaultdict(float, {"postgres (shared)": _ended(root) + _own(root)})
    for one in root.children(recursive=True):
        used[_served(one)] += _own(one)
    return dict(used)


def _served(backend: psutil.Process) -> str:
    """`postgres: user database host(port) state` names its database."""
    try:
        words = " ".join(backend.cmdline()).split()
    except psutil.NoSuchProcess:
        words = []
    if len(words) < 4 or "(" not in words[3]:
        return "postgres (shared)"
    return "postgres (temporal)" if words[2].startswith("temporal") else "postgres (kauri)"


def _own(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def _ended(root: psutil.Process) -> float:
    """What children that have ended used."""
    times = root.cpu_times()
    return float(times.children_user + times.children_system)
