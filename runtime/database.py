"""Connections to PostgreSQL: one pool per process, one scope per transaction.

A transaction belongs to one organisation and mode, or to the named system role; nothing in
between. Plain SET would leak through the pool, so everything is set LOCAL.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

Connection: TypeAlias = AsyncConnection[DictRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]

_SCOPE = "select set_config('app.org', %s, true), set_config('app.mode', %s, true)"


class Database:
    """The pool, and the two kinds of transaction there are."""

    def __init__(self, url: str, size: int = 10) -> None:
        kwargs: dict[str, Any] = {"row_factory": dict_row, "autocommit": True}
        self.pool: Pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            open=False,
            kwargs=kwargs,
            check=AsyncConnectionPool.check_connection,
            max_lifetime=900,
            reconnect_timeout=30,
        )

    async def open(self) -> None:
        """Start the pool; connections are made in the background and made again when lost."""
        await self.pool.open(wait=False)

    async def close(self) -> None:
        """Close every connection."""
        await self.pool.close()

    @asynccontextmanager
    async def scoped(self, org: UUID, livemode: bool) -> AsyncIterator[Connection]:  # noqa: FBT001 - the second half of the scope
        """A transaction of one organisation in one mode; commits at the end of the block."""
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute(_SCOPE, [str(org), "true" if livemode else "false"])
            yield connection

    @asynccontextmanager
    async def pipelined(self, org: UUID, livemode: bool) -> AsyncIterator[Connection]:  # noqa: FBT001 - the second half of the scope
        """The same transaction sent in one round trip: no result is read inside the block.

        The first statement that fails is raised at the end of the block.
        """
        async with self.pool.connection() as connection, connection.pipeline():
            await connection.execute("begin")
            await connection.execute(_SCOPE, [str(org), "true" if livemode else "false"])
            yield connection
            await connection.execute("commit")

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Connection]:
        """A transaction of the system role, for what rls_exceptions names and nothing else."""
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute("set local role kauri_system")
            yield connection
