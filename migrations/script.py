"""Run a plain SQL file inside the migration's transaction."""

from pathlib import Path

from alembic import op

_SQL = Path(__file__).parent / "sql"


def run(name: str) -> None:
    """Execute `sql/{name}` as it stands: no parameter interpretation."""
    driver = op.get_bind().connection.driver_connection
    if driver is None:
        raise RuntimeError("migrations need a live connection, not offline mode")
    driver.execute((_SQL / name).read_text())
