"""Maintenance as operators enter it, and what they see of rails: on the system role."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models import ids
from models.moments import moment
from runtime.database import Database

Row = Mapping[str, Any]

_ADD = """
insert into rail_windows (id, provider, operation, starts_at, ends_at, reason, actor)
values (%s, %s, %s, %s, %s, %s, %s) returning *"""
_AHEAD = """
select * from rail_windows where canceled_at is null and ends_at > now()
 order by starts_at, id limit 200"""
_CANCEL = """
update rail_windows set canceled_at = now(), canceled_by = %s
 where id = %s and canceled_at is null and ends_at > now() returning *"""
_WAITING = """
select provider, operation, count(*) as waiting from rail_queue
 where freed_at is null or operation = 'collect' group by provider, operation"""


async def add(
    database: Database,
    *,
    provider: str,
    operation: str | None,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    actor: str,
) -> Row:
    """Enter a window."""
    row = [ids.uuid7(), provider, operation, starts_at, ends_at, reason, actor]
    async with database.system() as connection:
        written = await (await connection.execute(_ADD, row)).fetchone()
    return written or {}


async def ahead(database: Database) -> list[Row]:
    """Windows that have not ended, the next one first."""
    async with database.system() as connection:
        return list(await (await connection.execute(_AHEAD)).fetchall())


async def cancel(database: Database, window: UUID, actor: str) -> Row | None:
    """End it before its time; None when there is none to end."""
    async with database.system() as connection:
        return await (await connection.execute(_CANCEL, [actor, window])).fetchone()


async def waiting(database: Database) -> dict[tuple[str, str], int]:
    """How many wait, by provider and operation."""
    async with database.system() as connection:
        rows = await (await connection.execute(_WAITING)).fetchall()
    return {(row["provider"], row["operation"]): row["waiting"] for row in rows}


def window_object(row: Row) -> dict[str, Any]:
    """One window."""
    return {
        "id": ids.shown(ids.MAINTENANCE, row["id"]),
        "object": "maintenance",
        "provider": row["provider"],
        "operation": row["operation"],
        "from": moment(row["starts_at"]),
        "to": moment(row["ends_at"]),
        "reason": row["reason"],
        "actor": row["actor"],
        "canceled_at": moment(row["canceled_at"]),
    }
