"""The baseline load: bare Temporal with the shape of a paid MTN checkout."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.runs import PAUSE, Run
from cli.stack.children import stand_back
from cli.stack.ours import YIELDS

_ROOT = Path(__file__).parent.parent
#: Seconds without any ending after which a run is given up.
_STALLED = 30.0


class BareLoad:
    """Owns a worker of the baseline. Its client is a process of each run, as a merchant's is."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self._env = dict(env)
        self._out = folder / "bare.out"
        with self._out.open("wb") as out:
            self._worker = _python("bare_worker", self._env, out=out.fileno(), apart=True)
        stand_back(self._worker.pid, YIELDS)  # as far as the product's worker does
        while b"ready" not in self._out.read_bytes():
            if self._worker.poll() is not None:
                raise RuntimeError(f"the baseline's worker ended with {self._worker.returncode}")
            time.sleep(0.1)

    @property
    def pid(self) -> int:
        """The worker."""
        return self._worker.pid

    def offer(self, rate: float, seconds: float) -> Run:
        """Start `rate` workflows a second for `seconds`; each is signalled after the pause."""
        seen = len(self._ended())
        command = ("bare_client", str(rate), str(seconds), str(PAUSE))
        client = _python(*command[:1], self._env, *command[1:], out=subprocess.DEVNULL)
        if client.wait() != 0:
            raise RuntimeError("a start or a signal of the baseline failed")
        offered = int(rate * seconds)
        return Run(rate=rate, seconds=seconds, offered=offered, samples=self._all(seen, offered))

    def close(self) -> None:
        """End the worker."""
        self._worker.terminate()
        self._worker.wait()

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
        lines = self._out.read_text().rpartition("\n")[0].splitlines()
        return [(float(due), float(end)) for due, end in (line.split() for line in lines[1:])]


def _python(
    module: str, env: Mapping[str, str], *arguments: str, out: int, apart: bool = False
) -> subprocess.Popen[bytes]:
    """`apart`: in a session of its own, as every component of the product is."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    return subprocess.Popen(command, cwd=_ROOT, env=env, stdout=out, start_new_session=apart)
