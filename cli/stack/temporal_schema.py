"""The databases of the real Temporal server: role, databases and schema, each brought up once."""

import os
import subprocess
from pathlib import Path

from cli.stack import postgres
from cli.stack.state import State

USER = "kauri_temporal"
#: The server whose schema this is.
VERSION = "1.30.7"
#: The main store's schema is inside the sql tool. Visibility's is ours: the tool's own needs the
#: extension btree_gin, which the embedded PostgreSQL does not carry.
_STORES = {
    "temporal": (
        ("setup-schema", "-v", "0.0"),
        ("update-schema", "--schema-name", "postgresql/v12/temporal"),
    ),
    "temporal_visibility": (
        ("setup-schema", "-v", "1.13", "-f", str(Path(__file__).with_name("visibility.sql"))),
    ),
}


def bring_up(program: Path, state: State, port: int) -> None:
    """Make role, databases and schema, once; a half-made schema is thrown away and made again."""
    if state.read().get("temporal_schema") == VERSION:
        return
    admin = postgres.admin_url(state, port, "postgres")
    password = state.secrets()["temporal_password"]
    _ensure_role(admin, password)
    for database, steps in _STORES.items():
        _drop(admin, database)
        postgres.ensure_database(admin, database, owner=USER)
        for step in steps:
            _run(program, step, port, password, database)
    state.remember(temporal_schema=VERSION)


def _run(program: Path, step: tuple[str, ...], port: int, password: str, database: str) -> None:
    env = {
        **os.environ,
        "SQL_PLUGIN": "postgres12",
        "SQL_HOST": "127.0.0.1",
        "SQL_PORT": str(port),
        "SQL_USER": USER,
        "SQL_PASSWORD": password,
        "SQL_DATABASE": database,
    }
    command = [str(program), *step]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=env)
    if ended.returncode:
        raise RuntimeError(f"temporal-sql {step[0]} failed: {ended.stderr.strip()[-600:]}")


def _ensure_role(admin: str, password: str) -> None:
    import psycopg  # noqa: PLC0415 - `kauri --help` must not wait for it
    from psycopg import sql  # noqa: PLC0415 - as above

    with psycopg.connect(admin, autocommit=True) as connection:
        role, literal = sql.Identifier(USER), sql.Literal(password)
        known = connection.execute("select 1 from pg_roles where rolname = %s", [USER])
        if known.fetchone() is None:
            connection.execute(sql.SQL("create role {} login").format(role))
        connection.execute(sql.SQL("alter role {} password {}").format(role, literal))


def _drop(admin: str, database: str) -> None:
    import psycopg  # noqa: PLC0415 - as above
    from psycopg import sql  # noqa: PLC0415 - as above

    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {}").format(sql.Identifier(database)))
