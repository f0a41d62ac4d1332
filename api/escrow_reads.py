"""Escrows for readers: one, many, the parts of one; and what operators decide across all."""

import json
from typing import Any

from api import saga_reads
from api.errors import NotFound
from api.escrow_deciding import NOTE, EscrowDesk
from api.escrow_view import escrow_object
from api.keys import Caller
from api.lists import listed
from api.parts import Parts
from api.queries import escrows as queries
from api.queries import pages
from api.queries.pages import Wanted
from api.schemas.escrows import DecideRequest
from models import ids
from models.moments import moment
from models.saga import SagaKind


async def one(parts: Parts, caller: Caller, escrow: str) -> dict[str, Any]:
    """One escrow of the caller's organisation. Raises NotFound."""
    return escrow_object(parts, await saga_reads.saga_row(parts, caller, SagaKind.ESCROW, escrow))


async def listed_escrows(parts: Parts, caller: Caller, wanted: Wanted) -> dict[str, Any]:
    """A page of them, newest first."""
    narrowed = wanted.narrowed({**wanted.filters, "kind": str(SagaKind.ESCROW)})
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await pages.page(connection, "sagas", narrowed)
    return listed(page, [escrow_object(parts, row) for row in page.rows])


async def parts_of(parts: Parts, caller: Caller, escrow: str) -> dict[str, Any]:
    """What was decided to leave it, with the notes in clear. Raises NotFound."""
    saga = await saga_reads.saga_row(parts, caller, SagaKind.ESCROW, escrow)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        rows = await queries.parts(connection, saga["id"])
    return {"object": "list", "data": [await _part(parts, caller, row) for row in rows]}


async def decided_for(
    parts: Parts, operator: Caller, escrow: str, body: DecideRequest, checker: str
) -> dict[str, Any]:
    """Decide in the name of two operators, in the scope of the escrow's organisation."""
    escrow_id = saga_reads.saga_uuid(SagaKind.ESCROW, escrow)
    whose = await queries.whose(parts.database, escrow_id)
    if whose is None or whose["livemode"] != operator.livemode:
        raise NotFound("there is no such escrow")
    desk = EscrowDesk(
        parts=parts,
        org=whose["org_id"],
        livemode=whose["livemode"],
        escrow=escrow_id,
        actor=operator.principal,
    )
    await parts.vault.seal(desk.org, livemode=desk.livemode, field=NOTE, plain=b"")
    async with parts.database.scoped(desk.org, desk.livemode) as connection:
        given = await desk.decide(connection, body, checker=checker)
    desk.send()
    told: dict[str, Any] = json.loads(bytes(given.body))
    return told


async def _part(parts: Parts, caller: Caller, row: queries.Row) -> dict[str, Any]:
    note = row["note_sealed"]
    if note is not None:
        plain = await parts.vault.unseal(
            caller.org, livemode=caller.livemode, field=NOTE, sealed=note
        )
    return {
        "number": row["number"],
        "kind": row["kind"],
        "amount": row["amount"],
        "by": row["by"],
        "actor": row["actor"],
        "note": None if note is None else plain.decode(),
        "refund": row["refund_id"] and ids.shown(ids.REFUND, row["refund_id"]),
        "status": _standing(row),
        "created_at": moment(row["created_at"]),
    }


def _standing(row: queries.Row) -> str:
    if row["returned"]:
        return "returned"
    if row["kind"] == "takeback":
        return "done"
    done = row["carried"] if row["kind"] == "release" else row["refund_state"] == "succeeded"
    return "done" if done else "decided"
