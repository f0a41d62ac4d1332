"""Bring a database to the newest schema: `kauri migrate`, `kauri up`, the tests."""

from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from migrations import roles

_HERE = Path(__file__).parent
#: One migration at a time, whoever starts it (an arbitrary constant).
_LOCK = 7_041_776


def migrate(admin_url: str, app_password: str = "", revision: str = "head") -> str:
    """Create roles, upgrade (or move to `revision`) and return the revision reached.

    `admin_url` must be able to create roles. Raises psycopg.OperationalError when the
    database cannot be reached and alembic's CommandError for an unknown revision.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", [_LOCK])
        roles.ensure(connection, app_password)
        command.upgrade(_config(admin_url), revision)
        connection.execute(f"grant select on alembic_version to {roles.APP}, {roles.SYSTEM}")
    return head() if revision == "head" else revision


def downgrade(admin_url: str, revision: str = "base") -> None:
    """Go back to `revision`. For tests and for undoing an expand step; data is dropped."""
    command.downgrade(_config(admin_url), revision)


def head() -> str:
    """The newest revision this code knows."""
    newest = ScriptDirectory.from_config(_config("")).get_current_head()
    if newest is None:
        raise RuntimeError("no migrations found: the package is incomplete")
    return newest


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE))
    config.attributes["url"] = url
    return config
