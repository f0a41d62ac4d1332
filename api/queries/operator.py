"""What operators look at, across organisations: the system role, named in rls_exceptions."""

from typing import Any
from uuid import UUID

from models import ids
from models.moments import moment
from runtime.database import Database

_STUCK = """
select p.*, a.provider, a.state as attempt_state, a.reason, a.provider_reference
  from payments p join lateral (
    select * from attempts t where t.payment_id = p.id order by t.number desc limit 1) a on true
 where p.livemode = %s and (p.status = 'unknown' or p.needs_review)
 order by p.created_at limit %s"""
_PAYMENT = """
select id, org_id, livemode, checkout_id, status, currency, amount_taken_back
  from payments where id = %s and livemode = %s"""
_CASES = """
select k.*, c.state as checkout_state from cases k join checkouts c on c.id = k.checkout_id
 where k.livemode = %s and k.state = %s order by k.opened_at limit %s"""
_CASE = """
select k.*, c.state as checkout_state from cases k join checkouts c on c.id = k.checkout_id
 where k.id = %s and k.livemode = %s"""


async def stuck_payments(database: Database, limit: int, *, livemode: bool) -> list[dict[str, Any]]:
    """Payments whose outcome is unknown or that a person must look at, oldest first."""
    async with database.system() as connection:
        rows = await (await connection.execute(_STUCK, [livemode, limit])).fetchall()
    return [
        {
            "id": ids.shown(ids.PAYMENT, row["id"]),
            "object": "stuck_payment",
            "organisation": ids.shown(ids.ORG, row["org_id"]),
            "checkout": ids.shown(ids.CHECKOUT, row["checkout_id"]),
            "status": row["status"],
            "needs_review": row["needs_review"],
            "amount": row["amount"],
            "currency": row["currency"],
            "provider": row["provider"],
            "attempt_state": row["attempt_state"],
            "reason": row["reason"],
            "provider_reference": row["provider_reference"],
            "next_check_at": moment(row["next_check_at"]),
            "created_at": moment(row["created_at"]),
            "livemode": row["livemode"],
        }
        for row in rows
    ]


async def payment_row(
    database: Database, payment: UUID, *, livemode: bool
) -> dict[str, Any] | None:
    """Where a payment belongs; None when there is none."""
    async with database.system() as connection:
        return await (await connection.execute(_PAYMENT, [payment, livemode])).fetchone()


async def cases(
    database: Database, state: str, limit: int, *, livemode: bool
) -> list[dict[str, Any]]:
    """Cases in one state, oldest first."""
    async with database.system() as connection:
        rows = await (await connection.execute(_CASES, [livemode, state, limit])).fetchall()
    return [case_object(row) for row in rows]


async def case_row(database: Database, case: UUID, *, livemode: bool) -> dict[str, Any] | None:
    """One case; None when there is none."""
    async with database.system() as connection:
        return await (await connection.execute(_CASE, [case, livemode])).fetchone()


def case_object(row: dict[str, Any]) -> dict[str, Any]:
    """A case as operators see it."""
    return {
        "id": ids.shown(ids.CASE, row["id"]),
        "object": "case",
        "kind": row["kind"],
        "state": row["state"],
        "payment": ids.shown(ids.PAYMENT, row["payment_id"]),
        "checkout": ids.shown(ids.CHECKOUT, row["checkout_id"]),
        "attempt": ids.shown(ids.ATTEMPT, row["attempt_id"]),
        "amount": row["amount"],
        "currency": row["currency"],
        "entry": row["entry_id"],
        "decision": row["decision"],
        "actor": row["actor"],
        "approver": row["approver"],
        "reason": row["reason"],
        "opened_at": moment(row["opened_at"]),
        "decided_at": moment(row["decided_at"]),
        "livemode": row["livemode"],
    }
