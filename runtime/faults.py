"""The fault-point hook of the sweep: report the point, and stop there until killed.

A point is armed for one object by a file `{directory}/{process}.{point}.{about}.armed`, for
whatever comes first by `{process}.{point}.armed`. Reaching it renames the file to `….reached` and
waits until that is removed; the sweep sees it and kills its victim. Nothing here runs unless
KAURI_FAULTPOINTS names a directory, which production refuses.
"""

import asyncio
from pathlib import Path

from models import faultpoints


def install(directory: str, process: str) -> None:
    """Install the hook when the setting names a directory."""
    if directory:
        faultpoints.install(_Hook(Path(directory), process).reach)


class _Hook:
    def __init__(self, directory: Path, process: str) -> None:
        self._directory = directory
        self._process = process

    async def reach(self, name: str, about: str) -> None:
        point = f"{self._process}.{name}"
        for armed in (f"{point}.{about}.armed", f"{point}.armed"):
            if self._taken(armed):
                await self._released(armed)
                return

    def _taken(self, armed: str) -> bool:
        try:
            (self._directory / armed).rename(self._reached(armed))
        except FileNotFoundError:
            return False
        return True

    async def _released(self, armed: str) -> None:
        """Wait until the sweep, another process, removes the file."""
        while self._reached(armed).exists():  # noqa: ASYNC110 - nobody tells us
            await asyncio.sleep(0.02)

    def _reached(self, armed: str) -> Path:
        return (self._directory / armed).with_suffix(".reached")
