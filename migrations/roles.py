"""The database roles, and what each may do. Roles live beside databases, not inside them."""

import psycopg
from psycopg import sql

#: Owns every table; migrations run as this role. Nobody logs in as it.
OWNER = "kauri_owner"
#: What API and workers log in as. Row-level security applies to it.
APP = "kauri_app"
#: The one role with named exceptions from the organisation policy (table rls_exceptions).
SYSTEM = "kauri_system"
#: Owns the posting function, and nothing else.
LEDGER = "kauri_ledger"


def ensure(connection: psycopg.Connection[tuple[object, ...]], app_password: str) -> None:
    """Create the roles that are missing and set the application's password.

    `app_password` empty: the login role is left as it is (managed elsewhere).
    """
    for role in (OWNER, SYSTEM, LEDGER):
        _create(connection, role, "nologin noinherit")
    _create(connection, APP, "login noinherit")
    if app_password:
        connection.execute(
            sql.SQL("alter role {} password {}").format(
                sql.Identifier(APP), sql.Literal(app_password)
            )
        )
    _grant(connection)


def _create(connection: psycopg.Connection[tuple[object, ...]], role: str, options: str) -> None:
    known = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
    if known is None:
        statement = "create role {} " + options + " nobypassrls"
        connection.execute(sql.SQL(statement).format(sql.Identifier(role)))


def _grant(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    for statement in (
        f"grant {OWNER} to current_user",
        f"grant {SYSTEM} to {APP}",
        f"grant {LEDGER} to {OWNER}",
        f"grant usage, create on schema public to {OWNER} with grant option",
        f"grant usage on schema public to {APP}, {SYSTEM}, {LEDGER}",
    ):
        connection.execute(sql.SQL(statement))
