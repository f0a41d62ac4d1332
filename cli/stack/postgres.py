"""The embedded PostgreSQL: initialised once, then one postmaster on loopback."""

import contextlib
import os
import shutil
import signal
import subprocess
from functools import partial
from pathlib import Path

from cli.stack import pgfiles
from cli.stack.children import Component
from cli.stack.state import State

ADMIN = "kauri_admin"
DATABASE = "kauri"
_SETTINGS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    "password_encryption=scram-sha-256",
    "synchronous_commit=on",
    # Fewer checkpoints: each makes every page be written to the log whole once more.
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    "shared_buffers=256MB",
    "jit=off",
    "log_min_messages=warning",
)


def admin_url(state: State, port: int, database: str = DATABASE) -> str:
    """Address of the administrator: migrations and tests only."""
    return f"postgresql://{ADMIN}:{state.secrets()['admin_password']}@127.0.0.1:{port}/{database}"


def component(state: State, port: int) -> Component:
    """The server; SIGINT is its fast shutdown: sessions are cut, data is flushed."""
    folder = pgfiles.home(state)
    programs = pgfiles.programs(folder)
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return Component(
        name="postgres",
        command=(
            str(programs / "postgres"),
            *("-D", str(folder / "data"), "-p", str(port)),
            *settings,
        ),
        env={"PATH": os.environ.get("PATH", ""), "TZ": "UTC"},
        identity=pgfiles.identity(),
        prepare=partial(_initialise, state, folder, programs),
        ready=partial(_answers, admin_url(state, port, "postgres")),
        stop_with=signal.SIGINT,
        patience=30.0,
    )


def ensure_database(url: str, name: str, owner: str = ADMIN) -> None:
    """Create a database beside the one `url` names, unless it exists."""
    import psycopg  # noqa: PLC0415 - `kauri --help` must not wait for it
    from psycopg import sql  # noqa: PLC0415 - as above

    with psycopg.connect(url, autocommit=True) as connection:
        known = connection.execute("select 1 from pg_database where datname = %s", [name])
        if known.fetchone() is None:
            statement = sql.SQL("create database {} owner {}")
            connection.execute(statement.format(sql.Identifier(name), sql.Identifier(owner)))


def _initialise(state: State, folder: Path, programs: Path) -> None:
    """Make the data folder in one step: a half-made one is never mistaken for data."""
    if (folder / "data").exists():
        return
    fresh, password = folder / "data.new", folder / "password"
    shutil.rmtree(fresh, ignore_errors=True)
    password.touch(mode=0o600)
    password.write_text(state.secrets()["admin_password"])
    if who := pgfiles.identity():
        os.chown(password, who["user"], who["group"])
    try:
        _initdb(state, programs / "initdb", fresh, password)
    finally:
        password.unlink()
    fresh.rename(folder / "data")


def _initdb(state: State, program: Path, fresh: Path, password: Path) -> None:
    command = [
        *(str(program), "-D", str(fresh), f"--username={ADMIN}", f"--pwfile={password}"),
        *("--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums"),
        *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"),
    ]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd="/", **pgfiles.identity()
    )
    if ended.returncode:
        with contextlib.suppress(OSError):
            (state.logs / "initdb.log").write_text(ended.stdout + ended.stderr)
        raise RuntimeError(f"initdb failed: {ended.stderr.strip()[-600:]}")


def _answers(url: str) -> bool:
    import psycopg  # noqa: PLC0415 - `kauri --help` must not wait for it

    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
