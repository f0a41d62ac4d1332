"""One payout for readers: the row, its approval, and the holder's name as its provider told it."""

from functools import partial
from typing import Any
from uuid import UUID

from activities.payout_rows import PAYEE_FIELD
from api.errors import NotFound
from api.keys import Caller
from api.parts import Parts
from api.waiting import waited
from models.moments import moment
from models.payout_states import PayoutState
from models.saga_view import saga_object

_ONE = """
select s.*, p.holder_sealed, a.maker, a.asked_at, a.expires_at, a.escalated_at, a.word, a.checker,
       a.reason, a.decided_at
  from sagas s left join payees p on p.saga_id = s.id left join approvals a on a.saga_id = s.id
 where s.kind = 'payout' and s.id = %s"""
_TOLD = ("maker", "checker", "reason")
_TIMES = ("asked_at", "expires_at", "escalated_at", "decided_at")
#: Nothing worth telling yet.
_UNTOLD = {PayoutState.DRAFT, PayoutState.QUEUED, PayoutState.PROCESSING}


async def payout_object(parts: Parts, caller: Caller, payout: UUID) -> dict[str, Any]:
    """One payout of the caller's organisation. Raises NotFound."""
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        row = await (await connection.execute(_ONE, [payout])).fetchone()
    if row is None:
        raise NotFound("there is no such payout")
    return {
        **saga_object(row),
        "holder": await _holder(parts, row),
        "approval": _approval(row) if row["maker"] else None,
    }


async def settled(parts: Parts, caller: Caller, payout: UUID, seconds: float) -> dict[str, Any]:
    """The payout once there is something to tell of it, or in time. Raises NotFound."""

    def told(found: dict[str, Any]) -> bool:
        return found["status"] not in _UNTOLD or bool(found.get("queued_for"))

    return await waited(partial(payout_object, parts, caller, payout), told, seconds)


async def _holder(parts: Parts, row: Any) -> str | None:
    if not row["holder_sealed"]:
        return None
    plain = await parts.vault.unseal(
        row["org_id"], livemode=row["livemode"], field=PAYEE_FIELD, sealed=row["holder_sealed"]
    )
    return plain.decode()


def _approval(row: Any) -> dict[str, Any]:
    times = {name: moment(row[name]) for name in _TIMES}
    return {**{name: row[name] for name in _TOLD}, **times, "decision": row["word"]}
