"""A copy of the source tree that runs instead of the original."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from mutants.mutant import Check, Mutant

_ROOT = Path(__file__).parent.parent
_LEFT_OUT = shutil.ignore_patterns(".git", ".venv", ".kauri", ".*_cache", ".hypothesis", "__py*")
_WHERE = "import models; print(models.__file__)"
#: Seconds a check may take; a hanging mutant is not a caught one.
_PATIENCE = 400
#: Seconds the sweep of a mutant waits for a checkout to come right.
_SWEEP_PATIENCE = "25"


class NotPlanted(Exception):
    """The text to replace is not there exactly once: the catalogue is out of date."""


class Tree:
    """A copy in `folder`; the environment of its processes puts it first on the path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tree"
        self._state = folder / "state"
        shutil.copytree(_ROOT, self._folder, ignore=_LEFT_OUT)
        # Some tests ask git which files there are.
        subprocess.run(["git", "init", "--quiet"], cwd=self._folder, check=True)
        self._env = {
            **os.environ,
            "PYTHONPATH": str(self._folder),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self._check_it_runs()

    def plant(self, mutant: Mutant) -> None:
        """Change the source. Raises NotPlanted."""
        path = self._folder / mutant.file
        source = path.read_text()
        if source.count(mutant.old) != 1:
            times = source.count(mutant.old)
            raise NotPlanted(f"{mutant.name}: {times} times in {mutant.file}, not once")
        path.write_text(source.replace(mutant.old, mutant.new))

    def run(self, check: Check) -> tuple[int, str]:
        """Exit code of the check here, and the end of what it printed."""
        ended = self._python(*self._arguments(check))
        return ended.returncode, "\n".join((ended.stdout + ended.stderr).splitlines()[-15:])

    def _arguments(self, check: Check) -> tuple[str, ...]:
        if check.kind == "pytest":
            return ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *check.selection)
        only = ("--only", *check.selection, "--patience", _SWEEP_PATIENCE)
        return ("-m", "cli", "sweep", *only, "--state", str(self._state))

    def _check_it_runs(self) -> None:
        """An editable install points to the original: what is imported must be the copy."""
        found = Path(self._python("-c", _WHERE).stdout.strip())
        if not found.is_relative_to(self._folder):
            raise RuntimeError(f"{found} would run, not the copy in {self._folder}")

    def _python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=self._folder,
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
            timeout=_PATIENCE,
        )
