"""The baseline load: bare Temporal with the shape of a paid MTN checkout."""

import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.children import Child, python
from benchmarks.runs import PAUSE, Run

#: Seconds without any ending after which a run is given up.
_STALLED = 30.0


class BareLoad:
    """Owns a worker of the baseline. Its client is a process of each run, as a merchant's is."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self._env = dict(env)
        self._worker = Child("bare_worker", self._env, folder)

    @property
    def pid(self) -> int:
        """The worker."""
        return self._worker.pid

    def offer(self, rate: float, seconds: float) -> Run:
        """Start `rate` workflows a second for `seconds`; each is signalled after the pause."""
        seen = len(self._ended())
        command = ("bare_client", str(rate), str(seconds), str(PAUSE))
        client = python(*command[:1], self._env, *command[1:], out=subprocess.DEVNULL)
        if client.wait() != 0:
            raise RuntimeError("a start or a signal of the baseline failed")
        offered = int(rate * seconds)
        return Run(rate=rate, seconds=seconds, offered=offered, samples=self._all(seen, offered))

    def close(self) -> None:
        """End the worker."""
        self._worker.close()

    def _all(self, seen: int, offered: int) -> list[tuple[float, float]]:
        ended = self._ended()[seen:]
        moved = time.monotonic()
        while len(ended) < offered and time.monotonic() - moved < _STALLED:
            time.sleep(0.5)
            now = self._ended()[seen:]
            moved = time.monotonic() if len(now) > len(ended) else moved
            ended = now
        return ended

    def _ended(self) -> list[tuple[float, float]]:
        """Every complete line `due ended` the worker wrote."""
        lines = self._worker.out.read_text().rpartition("\n")[0].splitlines()
        return [(float(due), float(end)) for due, end in (line.split() for line in lines[1:])]
