"""Transactions of the pool: opened in one round trip, undone by an exception, never on a corpse."""

from uuid import UUID

import psycopg
import pytest

from models.ids import uuid7
from runtime.database import Database
from tests.conftest import Urls

_SCOPE = "select current_setting('app.org', true) as org, current_setting('app.mode', true) as mode"
_ADD = "insert into orgs (id, kind, name) values (%s, 'merchant', %s)"
_NAMED = "select count(*) as found from orgs where name = %s"
_OWNED = """
insert into idempotency_keys (org_id, livemode, method, path, key, fingerprint, status, body)
values (%s, false, 'POST', '/', %s, '', 200, '')"""
_KEPT = "select key from idempotency_keys order by key"
PLATFORM = UUID("00000000-0000-7000-8000-000000000001")


async def responses(database: Database) -> list[str]:
    async with database.system() as connection:
        return [row["key"] for row in await (await connection.execute(_KEPT)).fetchall()]


async def count(database: Database, name: str) -> int:
    async with database.system() as connection:
        row = await (await connection.execute(_NAMED, [name])).fetchone()
    assert row is not None
    return int(row["found"])


async def test_a_scope_ends_with_its_transaction(database: Database) -> None:
    org = uuid7()
    async with database.scoped(org, True) as connection:
        inside = await (await connection.execute(_SCOPE)).fetchone()
    async with database.pool.connection() as connection:
        after = await (await connection.execute(_SCOPE)).fetchone()
    assert inside == {"org": str(org), "mode": "true"}
    assert after in ({"org": "", "mode": ""}, {"org": None, "mode": None})


async def test_an_exception_undoes_the_block(database: Database) -> None:
    async def broken() -> None:
        async with database.system() as connection:
            await connection.execute(_ADD, [uuid7(), "undone"])
            raise LookupError

    with pytest.raises(LookupError):
        await broken()
    assert await count(database, "undone") == 0


async def test_an_exception_undoes_a_pipelined_block(database: Database) -> None:
    async def broken() -> None:
        async with database.pipelined(PLATFORM, False) as connection:
            await connection.execute(_OWNED, [PLATFORM, "undone"])
            raise LookupError

    with pytest.raises(LookupError):
        await broken()
    assert await responses(database) == []


async def test_a_statement_that_fails_undoes_its_pipelined_block(database: Database) -> None:
    async def failing() -> None:
        async with database.pipelined(PLATFORM, False) as connection:
            await connection.execute(_OWNED, [PLATFORM, "first"])
            await connection.execute("select 1 / 0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        await failing()
    assert await responses(database) == []


async def test_a_pipelined_block_commits_at_its_end(database: Database) -> None:
    async with database.pipelined(PLATFORM, False) as connection:
        await connection.execute(_OWNED, [PLATFORM, "kept"])
    assert await responses(database) == ["kept"]


async def test_a_flowing_block_reads_inside_and_commits_at_its_end(database: Database) -> None:
    async with database.flowing(PLATFORM, False) as connection:
        await connection.execute(_OWNED, [PLATFORM, "flowed"])
        seen = await (await connection.execute(_KEPT)).fetchall()
        assert {"key": "flowed"} in seen
        assert "flowed" not in await responses(database)
    assert "flowed" in await responses(database)


async def test_an_exception_undoes_a_flowing_block_that_was_read_from(database: Database) -> None:
    async def broken() -> None:
        async with database.flowing(PLATFORM, False) as connection:
            await connection.execute(_OWNED, [PLATFORM, "reverted"])
            await (await connection.execute(_KEPT)).fetchall()
            raise LookupError

    with pytest.raises(LookupError):
        await broken()
    assert "reverted" not in await responses(database)


async def test_a_statement_that_fails_undoes_its_flowing_block_and_spoils_nothing(
    urls: Urls,
) -> None:
    database = Database(urls.app, size=1)
    await database.open()

    async def failing() -> None:
        async with database.flowing(PLATFORM, False) as connection:
            await connection.execute(_OWNED, [PLATFORM, "refused"])
            await (await connection.execute("select 1 / 0")).fetchone()

    for _ in range(8):  # more often than psycopg waits before it prepares a statement
        with pytest.raises(psycopg.errors.DivisionByZero):
            await failing()
    async with database.flowing(PLATFORM, False) as connection:
        await connection.execute(_OWNED, [PLATFORM, "healed"])
    kept = await responses(database)
    assert "healed" in kept
    assert "refused" not in kept
    await database.close()


async def test_a_connection_the_server_closed_is_not_handed_out(
    database: Database, urls: Urls
) -> None:
    async with database.pool.connection() as connection:
        pid = connection.info.backend_pid
    with psycopg.connect(urls.admin) as admin:
        admin.execute("select pg_terminate_backend(%s, 5000)", [pid])
    async with database.system() as connection:
        assert connection.info.backend_pid != pid


async def test_a_pipeline_that_failed_does_not_spoil_its_connection(urls: Urls) -> None:
    database = Database(urls.app, size=1)
    await database.open()

    async def failing() -> None:
        async with database.pipelined(PLATFORM, False) as connection:
            await connection.execute("select 1 / 0")
            await connection.execute(_OWNED, [PLATFORM, "never"])

    for _ in range(8):  # more often than psycopg waits before it prepares a statement
        with pytest.raises(psycopg.errors.DivisionByZero):
            await failing()
    async with database.pipelined(PLATFORM, False) as connection:
        await connection.execute(_OWNED, [PLATFORM, "afterwards"])
    assert "afterwards" in await responses(database)
    await database.close()
