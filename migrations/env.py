"""Alembic's entry: runs as the owner role, one transaction for all steps."""

from alembic import context
from sqlalchemy import create_engine, pool
from sqlalchemy.engine import make_url

from migrations.roles import OWNER


def run() -> None:
    """Open the owner's connection and run the steps alembic chose."""
    url = make_url(context.config.attributes["url"]).set(drivername="postgresql+psycopg")
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"set role {OWNER}")
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    engine.dispose()


run()
