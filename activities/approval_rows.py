"""The SQL of approvals, in the organisation's scope. The row decides who was first."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids
from models.approval import ApprovalLook, ApprovalStanding, ApprovalTerms, ApprovalWord
from models.saga import SagaKind
from models.saga_view import PREFIXES, saga_object

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

_OPEN = """
insert into approvals (saga_id, org_id, livemode, maker, asked_at, expires_at)
values (%s, %s, %s, %s, now(), %s) on conflict (saga_id) do nothing returning saga_id"""
_APPROVED = """
insert into approvals (saga_id, org_id, livemode, maker, asked_at, expires_at, checker, word,
  reason, decided_at) values (%s, %s, %s, %s, now(), now(), %s, 'approve', %s, now())"""
#: Whoever asked may not decide: the table refuses it (`approvals_by_another`).
_DECIDE = """
update approvals set checker = %(checker)s, word = %(word)s, reason = %(reason)s,
  decided_at = now() where saga_id = %(saga)s and word is null and expires_at > now() returning *"""
_LOOK = "select *, expires_at <= now() as over from approvals where saga_id = %s for update"
_ESCALATE = """
update approvals set escalated_at = now()
 where saga_id = %s and word is null and escalated_at is null and expires_at > now()
returning saga_id"""
_EVENT = """
insert into events (id, org_id, livemode, type, object_id, sequence, step, data, created_at)
select %(event)s, %(org)s, %(livemode)s, %(type)s, %(id)s, coalesce(max(sequence), 0) + 1,
  %(step)s, %(data)s, now() from events where object_id = %(id)s
on conflict (step, type, object_id) do nothing"""
#: A key that may approve, of anybody but the one who asks.
_APPROVERS = """
select exists (select 1 from api_keys where scopes @> array[%s]
   and principal <> %s and revoked_at is null
   and coalesce(expires_at > now(), true)) as there"""


async def open_approval(connection: "Connection", saga: "Row", terms: ApprovalTerms) -> bool:
    """Ask for a second person, once; tells the organisation. False when it was asked before."""
    values = [saga["id"], saga["org_id"], saga["livemode"], terms.maker, terms.expires_at]
    if await (await connection.execute(_OPEN, values)).fetchone() is None:
        return False
    await tell(connection, saga, "approval.requested", "asked")
    return True


async def approved(
    connection: "Connection", saga: "Row", *, maker: str, checker: str, reason: str
) -> None:
    """Keep that a second person allowed it before it began.

    psycopg raises CheckViolation (`approvals_by_another`) where both are one.
    """
    values = [saga["id"], saga["org_id"], saga["livemode"], maker, checker, reason]
    await connection.execute(_APPROVED, values)


async def decide(
    connection: "Connection", saga: "Row", *, checker: str, word: ApprovalWord, reason: str | None
) -> bool:
    """Write the word down, once; False when it is too late, or somebody else was first.

    psycopg raises CheckViolation (`approvals_by_another`) for whoever asked.
    """
    values = {"saga": saga["id"], "checker": checker, "word": str(word), "reason": reason}
    if await (await connection.execute(_DECIDE, values)).fetchone() is None:
        return False
    await tell(connection, saga, "approval.decided", "decided")
    return True


async def look(connection: "Connection", saga_id: UUID) -> ApprovalLook:
    """How it stands; the row is held. What nobody was asked about is expired."""
    row = await (await connection.execute(_LOOK, [saga_id])).fetchone()
    if row is None:
        return ApprovalLook(standing=ApprovalStanding.EXPIRED)
    if row["word"] is None:
        over = row["over"]
        return ApprovalLook(standing=ApprovalStanding.EXPIRED if over else ApprovalStanding.WAITING)
    approved = row["word"] == ApprovalWord.APPROVE
    return ApprovalLook(
        standing=ApprovalStanding.APPROVED if approved else ApprovalStanding.REJECTED,
        checker=row["checker"],
        reason=row["reason"],
    )


async def escalate(connection: "Connection", saga: "Row") -> bool:
    """Ask again, louder, once; False when it is decided, over or escalated."""
    if await (await connection.execute(_ESCALATE, [saga["id"]])).fetchone() is None:
        return False
    await tell(connection, saga, "approval.requested", "escalated")
    return True


async def somebody_may_approve(
    connection: "Connection", maker: str, scope: str = "payouts:approve"
) -> bool:
    """Whether the organisation has a key with the scope, and of somebody else than `maker`."""
    row = await (await connection.execute(_APPROVERS, [scope, maker])).fetchone()
    return bool(row and row["there"])


async def tell(connection: "Connection", saga: "Row", kind: str, step: str) -> None:
    """An event about the approval of a saga, once per step."""
    name = ids.shown(PREFIXES[SagaKind(saga["kind"])], saga["id"])
    fields = {
        "event": ids.uuid7(),
        "org": saga["org_id"],
        "livemode": saga["livemode"],
        "type": kind,
        "id": saga["id"],
        "step": f"{name}/approval/{step}",
        "data": json.dumps({"object": saga_object(saga), "previous_attributes": {}}),
    }
    await connection.execute(_EVENT, fields)
