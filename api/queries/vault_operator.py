"""What operators look at of the vault, across organisations: the system role."""

from typing import Any
from uuid import UUID

from models import ids
from models.moments import moment
from models.saga import SagaKind
from models.saga_view import PREFIXES, saga_object
from runtime.database import Database

_STUCK = """
select * from sagas where livemode = %s and (needs_review or state in ('parked','unknown')
   or state like '%%\\_unknown') order by created_at limit %s"""
_EXISTS = "select 1 from sagas where id = %s and livemode = %s"
_EXCEPTIONS = """
select k.*, s.kind as saga_kind, s.state as saga_state
  from cases k left join sagas s on s.id = k.saga_id
 where k.checkout_id is null and k.livemode = %s and k.state = %s order by k.opened_at limit %s"""

_EXCEPTION = """
select k.*, s.kind as saga_kind, s.state as saga_state
  from cases k left join sagas s on s.id = k.saga_id
 where k.checkout_id is null and k.id = %s and k.livemode = %s"""


async def stuck(database: Database, limit: int, *, livemode: bool) -> list[dict[str, Any]]:
    """Sagas whose outcome is unknown, or that wait for somebody, oldest first."""
    async with database.system() as connection:
        rows = await (await connection.execute(_STUCK, [livemode, limit])).fetchall()
    return [{**saga_object(row), "organisation": ids.shown(ids.ORG, row["org_id"])} for row in rows]


async def exists(database: Database, saga_id: UUID, *, livemode: bool) -> bool:
    """Whether there is such a saga in this mode."""
    async with database.system() as connection:
        found = await connection.execute(_EXISTS, [saga_id, livemode])
        return await found.fetchone() is not None


async def exceptions(
    database: Database, state: str, limit: int, *, livemode: bool
) -> list[dict[str, Any]]:
    """Cases about sagas in one state, oldest first."""
    async with database.system() as connection:
        rows = await (await connection.execute(_EXCEPTIONS, [livemode, state, limit])).fetchall()
    return [exception_object(row) for row in rows]


async def exception(database: Database, case: UUID, *, livemode: bool) -> dict[str, Any] | None:
    """One case about a saga, or about money that is nobody's; None when there is none."""
    async with database.system() as connection:
        return await (await connection.execute(_EXCEPTION, [case, livemode])).fetchone()


def exception_object(row: dict[str, Any]) -> dict[str, Any]:
    """A case about a saga as operators see it."""
    named = ("state", "amount", "currency", "decision", "actor", "approver", "reason", "livemode")
    kind = row["saga_kind"]
    return {
        "id": ids.shown(ids.CASE, row["id"]),
        "object": "exception",
        "kind": row["kind"],
        "organisation": ids.shown(ids.ORG, row["org_id"]),
        "about": ids.shown(PREFIXES[SagaKind(kind)], row["saga_id"]) if kind else None,
        "about_status": row["saga_state"],
        "facts": row["data"],
        **{name: row[name] for name in named},
        "opened_at": moment(row["opened_at"]),
        "decided_at": moment(row["decided_at"]),
    }
