"""Arms fault points in other processes, and sees them reached (runtime/faults.py)."""

import asyncio
from pathlib import Path


class NotReached(Exception):
    """Execution did not come by an armed point in time."""


class Arms:
    """The folder through which sweep and processes speak. One file per armed point."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def arm(self, process: str, point: str, about: str = "") -> str:
        """Stop that process there, once, for the object `about`; returns the arm's name."""
        name = ".".join(part for part in (process, point, about) if part)
        (self._folder / f"{name}.armed").touch()
        return name

    async def reached(self, arm: str, seconds: float) -> None:
        """Wait until execution stands at the point. Raises NotReached."""
        try:
            async with asyncio.timeout(seconds):
                while not self._file(arm).exists():  # noqa: ASYNC110 - another process makes it
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise NotReached(f"{arm} was not reached in {seconds:.0f} s") from None

    def release(self, arm: str) -> None:
        """Let whoever stands there go on; nobody stops there any more."""
        for file in (self._file(arm).with_suffix(".armed"), self._file(arm)):
            file.unlink(missing_ok=True)

    def _file(self, arm: str) -> Path:
        return self._folder / f"{arm}.reached"
