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
            if await self._stopped_at(self._directory / armed):
                return

    async def _stopped_at(self, armed: Path) -> bool:
        reached = armed.with_suffix(".reached")
        try:
            armed.rename(reached)
        except FileNotFoundError:
            return False
        while reached.exists():  # noqa: ASYNC110 - another process removes the file
            await asyncio.sleep(0.02)
        return True
