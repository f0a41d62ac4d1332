"""What the process needs to work, looked at one by one."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from loguru import logger

from api.parts import Parts
from migrations.newest import newest

#: Rows waiting longer than this many seconds mean that no relay is running.
RELAY_LAG = 60.0
_PATIENCE = 3.0
_LAG = """
select greatest((select extract(epoch from now() - min(accepted_at)) from starts
                  where started_at is null),
                (select extract(epoch from now() - min(received_at)) from inbox
                  where delivered_at is null)) as lag"""


async def checks(parts: Parts) -> dict[str, dict[str, Any]]:
    """Each check with `ok`, `required` and `detail`; a required one that fails means not ready."""
    names = ("database", "migrations", "temporal", "relay")
    found = await asyncio.gather(
        _checked(_database(parts)),
        _checked(_migrations(parts)),
        _checked(_temporal(parts)),
        _checked(_relay(parts)),
    )
    required = {"database", "migrations"}
    return {
        name: {"ok": detail is None, "required": name in required, "detail": detail or "ok"}
        for name, detail in zip(names, found, strict=True)
    }


async def _checked(check: Awaitable[str | None]) -> str | None:
    """None when it holds, else what is wrong, without secrets."""
    try:
        return await asyncio.wait_for(check, _PATIENCE)
    except TimeoutError:
        return f"no answer within {_PATIENCE:g} s"
    except Exception as error:  # noqa: BLE001 - any failure is an answer here
        logger.warning("a readiness check failed: {}", error)
        return f"cannot be reached ({type(error).__name__})"


async def _database(parts: Parts) -> None:
    async with parts.database.system() as connection:
        await connection.execute("select 1")


async def _migrations(parts: Parts) -> str | None:
    async with parts.database.system() as connection:
        row = await (await connection.execute("select version_num from alembic_version")).fetchone()
    here, wanted = row["version_num"] if row else "nothing", newest()
    return None if here == wanted else f"schema is at {here}, this code needs {wanted}"


async def _temporal(parts: Parts) -> str | None:
    serving = await parts.temporal.service_client.check_health(timeout=timedelta(seconds=2))
    return None if serving else "not serving"


async def _relay(parts: Parts) -> str | None:
    async with parts.database.system() as connection:
        row = await (await connection.execute(_LAG)).fetchone()
    lag = float(row["lag"] or 0) if row else 0.0
    return None if lag < RELAY_LAG else f"rows wait for {lag:.0f} s: is a worker running?"
