"""Connections to PostgreSQL: one pool per process, one scope per transaction.

A transaction belongs to one organisation and mode, or to the named system role; nothing in
between. Plain SET would leak through the pool, so everything is set LOCAL.
"""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

#: Seconds a connection outside the pool may take to be made.
_PATIENCE = 5

Connection: TypeAlias = AsyncConnection[DictRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]


class Database:
    """The pool, and the two kinds of transaction there are."""

    def __init__(self, url: str, size: int = 10) -> None:
        self._url = url
        kwargs: dict[str, Any] = {"row_factory": dict_row, "autocommit": True}
        self.pool: Pool = AsyncConnectionPool(
            url,
            min_size=1,
            max_size=size,
            open=False,
            kwargs=kwargs,
            check=_check,
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
        async with self._begun(_scope(org, livemode=livemode)) as connection:
            yield connection

    @asynccontextmanager
    async def pipelined(self, org: UUID, livemode: bool) -> AsyncIterator[Connection]:  # noqa: FBT001 - the second half of the scope
        """The same transaction sent in one round trip: results are read after the block.

        What a pipeline sends between two syncs is one transaction by itself, and the sync at the
        end commits it: begin and commit would be two statements more. The first statement that
        fails is raised at the end of the block; an exception inside it undoes everything.
        """
        async with self._piped() as connection:
            await connection.execute(_scope(org, livemode=livemode))
            async with _undone_by_exceptions(connection):
                yield connection

    @asynccontextmanager
    async def flowing(self, org: UUID, livemode: bool) -> AsyncIterator[Connection]:  # noqa: FBT001 - the second half of the scope
        """The same transaction, waited for only where a result is read: begin travels with the
        first question, commit with the last statement.

        A statement that fails is raised where the next result is read, or at the end of the
        block. A pipeline inside the block would be a round trip more.
        """
        async with self._piped() as connection:
            await connection.execute("begin")
            await connection.execute(_scope(org, livemode=livemode))
            yield connection
            await connection.execute("commit")

    @asynccontextmanager
    async def apart(self, org: UUID, livemode: bool) -> AsyncIterator[Connection]:  # noqa: FBT001 - the second half of the scope
        """A scoped transaction on a connection of its own.

        For what somebody needs who may hold the last connection of the pool already.
        """
        opened: Connection = await AsyncConnection.connect(
            self._url, row_factory=dict_row, autocommit=True, connect_timeout=_PATIENCE
        )
        async with opened as connection:
            await connection.execute(f"begin; {_scope(org, livemode=livemode)}")
            yield connection
            await connection.execute("commit")

    @asynccontextmanager
    async def system(self) -> AsyncIterator[Connection]:
        """A transaction of the system role, for what rls_exceptions names and nothing else."""
        async with self._begun("set local role kauri_system") as connection:
            yield connection

    @asynccontextmanager
    async def _piped(self) -> AsyncIterator[Connection]:
        """A connection in pipeline mode; whatever it did not come to commit is rolled back."""
        async with self.pool.connection() as connection:
            try:
                async with connection.pipeline():
                    yield connection
            except BaseException:
                # What a failed pipeline never came to prepare, psycopg believes prepared; at the
                # rollback of a transaction it forgets all it believes.
                if not connection.closed:
                    if connection.info.transaction_status is TransactionStatus.IDLE:
                        await connection.execute("begin")
                    await connection.rollback()
                raise

    @asynccontextmanager
    async def _begun(self, opening: str) -> AsyncIterator[Connection]:
        """Begin and open in one round trip; the pool rolls back what an exception leaves open."""
        async with self.pool.connection() as connection:
            await connection.execute(f"begin; {opening}")
            yield connection
            await connection.execute("commit")


@asynccontextmanager
async def _undone_by_exceptions(connection: Connection) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await connection.execute("rollback")
        raise


def _scope(org: UUID, *, livemode: bool) -> str:
    """Written out, not bound: two statements in one round trip take no parameters.

    A UUID and a boolean: there is nothing to inject.
    """
    mode = "true" if livemode else "false"
    return f"select set_config('app.org', '{org}', true), set_config('app.mode', '{mode}', true)"


async def _check(connection: Connection) -> None:
    """Ask the server only when its socket has something unasked for, as when the server ended.

    Asking at every use would cost a round trip each. Raises psycopg.OperationalError.
    """
    socket = select.poll()
    socket.register(connection.pgconn.socket, select.POLLIN)
    if socket.poll(0):
        await AsyncConnectionPool.check_connection(connection)
