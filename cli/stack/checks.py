"""What `kauri up` needs of this machine, checked one by one, each with how to mend it."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from pydantic import ValidationError
from temporalio.service import RPCError

from cli.stack import namespace, pgfiles, programs, resolver
from cli.stack.plan import USUAL_PORTS, owner
from cli.stack.ports import is_free
from cli.stack.stack import Stack
from runtime.settings import Settings

_GIB = 1024**3
_DISK_STACK, _DISK_BUILD = 1 * _GIB, 5 * _GIB


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One finding. What is not `required` is only advice."""

    name: str
    ok: bool
    says: str
    mend: str = ""
    required: bool = True


def run(stack: Stack) -> Iterator[Check]:
    """Every check in the order `kauri up` meets them."""
    yield _python()
    yield _guarded("PostgreSQL", _postgres)
    yield _guarded("Temporal", _temporal)
    yield _state(stack.state.path)
    yield _disk("disk for data", stack.state.path, _DISK_STACK)
    if not _has_temporal():
        yield _disk("disk for the build", programs.cache(), _DISK_BUILD)
    running = stack.running()
    yield from _ports(running)
    yield _secrets()
    if "postgres" in running:
        yield _guarded("database", lambda: _database(stack.urls.database))
    started = "ports" in stack.state.read()
    if "temporal" in running or (started and os.environ.get("TEMPORAL_ADDRESS")):
        yield _guarded("namespace", lambda: _namespace(stack))


def _guarded(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (RuntimeError, OSError, RPCError, psycopg.Error) as problem:
        return Check(name=name, ok=False, says="not usable", mend=str(problem))


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    mend = "install Python 3.11 or later"
    return Check(name="Python", ok=sys.version_info >= (3, 11), says=found, mend=mend)


def _postgres() -> Check:
    url = os.environ.get("DATABASE_URL")
    if not url:
        return Check(name="PostgreSQL", ok=True, says=f"embedded, {pgfiles.installed()}")
    with psycopg.connect(url, connect_timeout=5) as connection:
        version = connection.info.server_version
    mend = "DATABASE_URL must name PostgreSQL 15 or later"
    return Check(name="PostgreSQL", ok=version >= 150_000, says=f"server {version}", mend=mend)


def _has_temporal() -> bool:
    return bool(os.environ.get("TEMPORAL_ADDRESS") or resolver.present())


def _temporal() -> Check:
    if address := os.environ.get("TEMPORAL_ADDRESS"):
        place = namespace.Place(address=address, namespace="default")
        mend = "TEMPORAL_ADDRESS is set and nothing answers there: start it, or unset the variable"
        return Check(name="Temporal", ok=namespace.answers(place), says=address, mend=mend)
    if found := resolver.present():
        return Check(name="Temporal", ok=True, says=str(found))
    go = programs.find_go()
    how = f"will be built once with {go}" if go else "will be built once; Go comes by wheel"
    mend = "put the `temporal` program on PATH to save the build (about 5 minutes on 2 cores)"
    return Check(name="Temporal", ok=False, says=how, mend=mend, required=False)


def _state(folder: Path) -> Check:
    place = _existing(folder)
    ok = os.access(place, os.W_OK | os.X_OK)
    mend = f"{place} is not writable: choose another folder with --state or KAURI_STATE"
    return Check(name="state folder", ok=ok, says=str(folder), mend=mend)


def _disk(name: str, folder: Path, needed: int) -> Check:
    free = shutil.disk_usage(_existing(folder)).free
    says = f"{free / _GIB:.1f} GiB free for {folder}"
    return Check(name=name, ok=free >= needed, says=says, mend=f"make {needed / _GIB:.0f} GiB free")


def _existing(folder: Path) -> Path:
    return next(one for one in (folder, *folder.parents) if one.exists())


def _ports(running: list[str]) -> Iterator[Check]:
    for name, port in USUAL_PORTS.items():
        if owner(name) not in running:
            yield Check(
                name=f"port {port}",
                ok=is_free(port),
                says=f"for {name}",
                mend="taken: `kauri up` takes another one and says which",
                required=False,
            )


def _secrets() -> Check:
    mend = "set each as KAURI_…, or KAURI_…_FILE naming a file"
    try:
        settings = Settings()
    except ValidationError as error:
        says = "; ".join(problem["msg"] for problem in error.errors())
        return Check(name="settings", ok=False, says=says, mend=mend)
    return Check(name="settings", ok=True, says=f"valid for {settings.env}", mend=mend)


def _database(url: str) -> Check:
    with psycopg.connect(url, connect_timeout=5) as connection:
        found = connection.execute("select version_num from alembic_version").fetchone()
    return Check(name="database", ok=found is not None, says=f"schema {found and found[0]}")


def _namespace(stack: Stack) -> Check:
    place = stack.plan.place
    absent = namespace.missing(place)
    says = f"{place.namespace} at {place.address}"
    mend = f"{', '.join(absent)} missing: `kauri migrate --namespace`"
    return Check(name="namespace", ok=not absent, says=says, mend=mend)
