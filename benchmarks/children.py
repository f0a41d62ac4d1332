"""Processes of the benchmark's own: workers that play a part of the product, or none of it."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from cli.stack.children import stand_back
from cli.stack.ours import YIELDS

_ROOT = Path(__file__).parent.parent


def python(
    module: str, env: Mapping[str, str], *arguments: str, out: int, apart: bool = False
) -> subprocess.Popen[bytes]:
    """Start one of our modules. `apart`: in a session of its own, as the product's parts are."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    return subprocess.Popen(command, cwd=_ROOT, env=env, stdout=out, start_new_session=apart)


class Child:
    """A worker that has said `ready`. It stands back as far as the product's worker does."""

    def __init__(self, module: str, env: Mapping[str, str], folder: Path) -> None:
        self.out = folder / f"{module}.out"
        with self.out.open("wb") as out:
            self._process = python(module, env, out=out.fileno(), apart=True)
        stand_back(self._process.pid, YIELDS)
        while b"ready" not in self.out.read_bytes():
            if self._process.poll() is not None:
                raise RuntimeError(f"{module} ended with {self._process.returncode}")
            time.sleep(0.1)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()
