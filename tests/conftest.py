"""A real PostgreSQL and a real Temporal for the tests that need them, thrown away at the end.

`urls` and `database` are one freshly migrated database per test module (copied from a
template); `temporal` is the development server with the namespace's search attributes.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from cli.stack import pgfiles, resolver
from cli.stack.ports import choose
from cli.stack.temporal import tuning
from migrations.runner import migrate
from models.ids import uuid7
from runtime.database import Database
from runtime.settings import Settings, keyring
from runtime.temporal import data_converter
from runtime.vault import Vault
from tests.times import told_otherwise
from workflows.attributes import MODE, ORG, PROVIDER, STATUS

_TUNING = (
    *("max_connections=150", "listen_addresses=127.0.0.1"),
    *("fsync=off", "full_page_writes=off", "synchronous_commit=off"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """One database, as its administrator and as the application."""

    admin: str
    app: str


def _run(program: Path, *arguments: str) -> None:
    command = [str(program), *arguments]
    subprocess.run(command, check=True, capture_output=True, cwd="/", **pgfiles.identity())


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A server for this session, with the migrated database `template`; yields its address."""
    folder = Path(tempfile.mkdtemp(prefix="kauri-tests-"))
    data, port = str(folder / "data"), choose(0)
    if who := pgfiles.identity():
        os.chown(folder, who["user"], who["group"])
    programs = pgfiles.programs(folder)
    initdb, pg_ctl = programs / "initdb", programs / "pg_ctl"
    _run(initdb, "-D", data, "--username=admin", "--auth=trust", "--encoding=UTF8")
    options = " ".join(f"-c {option}" for option in _TUNING)
    log = str(folder / "log")
    _run(pg_ctl, "-D", data, "-w", "-l", log, "-o", f"-p {port} -k {folder} {options}", "start")
    try:
        with psycopg.connect(f"postgresql://admin@127.0.0.1:{port}/postgres") as connection:
            connection.autocommit = True
            connection.execute("create database template")
        migrate(f"postgresql://admin@127.0.0.1:{port}/template", "kauri")
        yield f"127.0.0.1:{port}"
    finally:
        _run(pg_ctl, "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def urls(postgres: str) -> Iterator[Urls]:
    """A database of its own for one test module; its events are read when the module is over."""
    name = f"test_{uuid7().hex}"
    with psycopg.connect(f"postgresql://admin@{postgres}/postgres", autocommit=True) as connection:
        connection.execute(f"create database {name} template template")
    given = Urls(
        admin=f"postgresql://admin@{postgres}/{name}",
        app=f"postgresql://kauri_app:kauri@{postgres}/{name}",
    )
    yield given
    with psycopg.connect(given.admin) as connection:
        told = connection.execute("select type, data from events").fetchall()
    assert {kind: told_otherwise(data) for kind, data in told if told_otherwise(data)} == {}


@pytest.fixture
async def database(urls: Urls) -> AsyncIterator[Database]:
    """The module's database as the application sees it."""
    opened = Database(urls.app)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def settings() -> Settings:
    """Settings of a test run."""
    return Settings(env="test")


@pytest.fixture
def vault(database: Database, settings: Settings) -> Vault:
    """A vault under the development key."""
    return Vault(database, keyring(settings.vault_keys))


@pytest.fixture(scope="session")
def temporal_address() -> Iterator[str]:
    """The development server, on a free port."""
    loop = asyncio.new_event_loop()
    environment = loop.run_until_complete(
        WorkflowEnvironment.start_local(
            dev_server_existing_path=str(resolver.temporal(print)),
            dev_server_log_level="error",
            dev_server_extra_args=tuning(),
            search_attributes=[STATUS, PROVIDER, ORG, MODE],
        )
    )
    yield environment.client.service_client.config.target_host
    loop.run_until_complete(environment.shutdown())
    loop.close()


@pytest.fixture
async def temporal(temporal_address: str, settings: Settings) -> WorkflowEnvironment:
    """An environment whose client seals every payload, as in production."""
    client = await Client.connect(temporal_address, data_converter=data_converter(settings))
    return WorkflowEnvironment.from_client(client)


_EXIT_STATUS = [0]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(exitstatus: int) -> None:
    """Remember how the run ended, for the hook below."""
    _EXIT_STATUS[0] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Leave at once: a process that hosted a Temporal worker can die at interpreter exit."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(_EXIT_STATUS[0])
