"""Where the `temporal` program comes from, in the order of docs/operations.md."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cli.stack.programs import TEMPORAL, NoProgram, Say, build, cache, cached

#: Seconds without a byte arriving after which a download is given up, and its total limit.
_SILENCE = 15.0
_LIMIT = 300.0

_DOWNLOAD = """
import asyncio, sys
from temporalio.testing import WorkflowEnvironment
async def main():
    environment = await WorkflowEnvironment.start_local(download_dest_dir=sys.argv[1])
    await environment.shutdown()
asyncio.run(main())
"""


def present() -> Path | None:
    """The program if this machine has it: TEMPORAL_CLI_PATH, PATH, our cache. Raises NoProgram."""
    named = os.environ.get("TEMPORAL_CLI_PATH")
    if named:
        if not os.access(named, os.X_OK):
            raise NoProgram(f"TEMPORAL_CLI_PATH={named} is not an executable file")
        return Path(named).absolute()
    found = shutil.which("temporal")
    return Path(found).absolute() if found else cached(TEMPORAL)


def temporal(say: Say) -> Path:
    """The program: present, downloaded by the SDK, or built (minutes, once). Raises NoProgram."""
    return present() or _downloaded(say) or build(TEMPORAL, say)


def _downloaded(say: Say) -> Path | None:
    """The SDK's own download; None when this machine has no way out to it."""
    say("asking the Temporal SDK to download the development server")
    cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache()) as folder:
        if not _fetch(Path(folder)):
            say("no download here")
            return None
        found = [path for path in Path(folder).iterdir() if os.access(path, os.X_OK)]
        if not found:
            return None
        target = cache() / "bin" / TEMPORAL.name
        target.parent.mkdir(exist_ok=True)
        found[0].replace(target)
    return target


def _fetch(folder: Path) -> bool:
    """Run the download apart, so that one that hangs can be ended."""
    command = [sys.executable, "-c", _DOWNLOAD, str(folder)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)
    started = moved = time.monotonic()
    size = -1
    while process.poll() is None:
        now, arrived = time.monotonic(), _size(folder)
        if arrived != size:
            size, moved = arrived, now
        if now - moved > _SILENCE or now - started > _LIMIT:
            process.kill()
            process.wait()
            return False
        time.sleep(0.1)
    return process.returncode == 0


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
