"""`kauri migrate`: the database at the newest schema, the namespace ready."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

import typer

from cli.stack.joining import STATE_VARIABLE, state_folder

if TYPE_CHECKING:
    from runtime.settings import Settings


def migrate(
    state: Annotated[
        Path | None, typer.Option("--state", envvar=STATE_VARIABLE, help="State folder.")
    ] = None,
    namespace: Annotated[
        bool, typer.Option("--namespace", help="Register namespace and search attributes too.")
    ] = False,
) -> None:
    """Bring the database to the newest schema (KAURI_DATABASE_ADMIN_URL, else the stack's)."""
    from cli.stack.namespace import Place, ensure  # noqa: PLC0415 - loads the Temporal SDK
    from migrations import runner  # noqa: PLC0415 - loads alembic

    settings = _settings(state or state_folder())
    password = unquote(urlsplit(settings.database_url).password or "")
    print(f"database at {runner.migrate(settings.database_admin_url, password)}")
    if namespace:
        place = Place(
            address=settings.temporal_address,
            namespace=settings.temporal_namespace,
            api_key=settings.temporal_api_key.get_secret_value(),
            tls=settings.temporal_tls,
        )
        ensure(place)
        print(f"namespace {place.namespace} ready")


def _settings(folder: Path) -> "Settings":
    """From the environment; where it names no administrator, from the stack in the folder."""
    from cli.stack.stack import Stack  # noqa: PLC0415 - loads the whole stack
    from runtime.settings import Settings  # noqa: PLC0415 - loads pydantic-settings

    settings = Settings()
    if settings.database_admin_url:
        return settings
    stack = Stack(folder)
    if "ports" not in stack.state.read():
        print(f"set KAURI_DATABASE_ADMIN_URL, or start a stack first: none in {folder}")
        raise typer.Exit(1)
    return stack.settings()
