"""Batches and their rows as they are shown."""

from collections.abc import Mapping
from typing import Any

from api import saga_reads
from api.keys import Caller
from api.lists import listed, place_of
from api.parts import Parts
from api.queries import payout_batches as queries
from models import ids
from models.moments import moment
from models.payout_batch import RowState
from models.saga import SagaKind
from models.saga_view import saga_object


async def one(parts: Parts, caller: Caller, batch: str) -> dict[str, Any]:
    """A batch with its progress. Raises NotFound."""
    row = await saga_reads.saga_row(parts, caller, SagaKind.BATCH, batch)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        return {**saga_object(row), "progress": await queries.counts(connection, row["id"])}


async def rows(
    parts: Parts,
    caller: Caller,
    batch: str,
    *,
    state: RowState | None,
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """A page of a batch's rows, in the order of the file. Raises NotFound and Invalid."""
    row = await saga_reads.saga_row(parts, caller, SagaKind.BATCH, batch)
    after = place_of(cursor)
    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        page = await queries.rows(connection, row["id"], state=state, after=after, limit=limit)
    return listed(page, [row_object(one) for one in page.rows])


def row_object(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row in the public shape: the payee is masked."""
    payout, like = row["payout_id"], row["like_payout"]
    return {
        "id": ids.shown(ids.BATCH_ROW, row["id"]),
        "object": "payout_row",
        "row": row["line"],
        "status": row["state"],
        "amount": row["amount"],
        "currency": row["currency"],
        "method": row["method"],
        "payee": row["payee_masked"],
        "reference": row["reference"],
        "payout": ids.shown(ids.PAYOUT, payout) if payout else None,
        "held_for": row["held_for"],
        "like_row": row["like_line"],
        "like_payout": ids.shown(ids.PAYOUT, like) if like else None,
        "reason": row["reason"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }
