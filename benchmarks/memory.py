"""The most memory a process held while something went on."""

import threading
from types import TracebackType
from typing import Self

import psutil

_EVERY = 0.02
_MIB = 2**20


class Peak:
    """Looks fifty times a second, from a thread of its own. `mib` is the most that was resident."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.mib = 0.0

    def __enter__(self) -> Self:
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._look()
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(_EVERY):
            self._look()

    def _look(self) -> None:
        self.mib = max(self.mib, self._process.memory_info().rss / _MIB)
