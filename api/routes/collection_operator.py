"""What operators do to collections: decide what waits, and say what M-Pesa took back."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from fastapi import APIRouter, Request
from pydantic import TypeAdapter

from activities.collection_rows import target_in
from api import saga_reads
from api.deps import Operator, Wired
from api.errors import Conflict, NotFound
from api.keys import Caller
from api.operators import Approver, second
from api.parts import Parts
from api.queries import collections as queries
from api.routes.vault_operator import update_saga
from api.schemas.collections import DecisionRequest, ReversedRequest
from models import ids
from models.collection import CollectionState
from models.collection_decisions import DECIDE, CollectionDecision, ReversalOrder
from models.money import Money
from models.saga import SagaKind, SagaRef
from runtime.starting import collection_reversal_start

router = APIRouter(prefix="/v1/operator/collections", tags=["operator"])

_ORDER: TypeAdapter[ReversalOrder] = TypeAdapter(ReversalOrder)
_POSTED = (CollectionState.POSTED, CollectionState.REVERSAL_REVIEW)


@router.post("/{collection}/decide")
async def decide_collection(
    *,
    collection: str,
    body: DecisionRequest,
    operator: Operator,
    approver: Approver,
    parts: Wired,
    request: Request,
) -> dict[str, Any]:
    """Two operators decide: allocate to an account, refunded, leave; or about a posting."""
    order = CollectionDecision(
        word=body.word,
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
        account=body.account,
    )
    saga_reads.saga_uuid(SagaKind.COLLECTION, collection)
    return await update_saga(
        parts, operator, collection, update=DECIDE, order=order, request=request
    )


@router.post("/{collection}/reversed")
async def collection_reversed(
    *,
    collection: str,
    body: ReversedRequest,
    operator: Operator,
    approver: Approver,
    parts: Wired,
) -> dict[str, Any]:
    """M-Pesa took back what was posted: have Mifos X undone, or waive that. Two operators."""
    approved_by = await second(parts, approver, operator)
    row = await _posted(parts, operator, collection)
    async with parts.database.scoped(row["org_id"], row["livemode"]) as connection:
        begun, at_work = await queries.undoings(connection, row["id"], collection)
        if at_work:
            raise Conflict("a reversal is at work: look at the collection's timeline")
        order = _order(row, body, operator, approved_by, number=begun + 1, parts=parts)
        sealed = await parts.vault.seal(
            row["org_id"], livemode=row["livemode"], field="start", plain=_ORDER.dump_json(order)
        )
        now = datetime.now(UTC)
        if not await queries.start(connection, row, order.workflow_id, sealed, now):
            raise Conflict("another reversal was accepted a moment ago")
    start = collection_reversal_start(order)
    parts.dispatcher.soon(partial(parts.dispatcher.start, start))
    return {"id": collection, "object": "collection_reversal", "status": row["state"]}


async def _posted(parts: Parts, operator: Caller, collection: str) -> queries.Row:
    """The collection, which is posted. Raises NotFound and Conflict."""
    named = saga_reads.saga_uuid(SagaKind.COLLECTION, collection)
    row = await queries.posted(parts.database, named, livemode=operator.livemode)
    if row is None:
        raise NotFound("there is no such collection")
    if row["state"] not in _POSTED:
        raise Conflict(f"the collection is {row['state']}: decide it instead")
    return row


def _order(
    row: queries.Row,
    body: ReversedRequest,
    operator: Caller,
    approver: str,
    *,
    number: int,
    parts: Parts,
) -> ReversalOrder:
    shown = row["data"]
    target, transaction = target_in(shown, row["currency"]), shown.get("lender_transaction")
    if target is None:
        raise Conflict("nothing says where it was posted")
    return ReversalOrder(
        saga=SagaRef(
            id=ids.shown(ids.COLLECTION, row["id"]),
            kind=SagaKind.COLLECTION,
            org_id=ids.shown(ids.ORG, row["org_id"]),
            livemode=row["livemode"],
        ),
        state=row["state"],
        amount=Money(shown["received"], row["currency"]),
        receipt=shown["receipt"],
        target=target,
        transaction_id=int(transaction) if transaction else None,
        word=body.word,
        actor=operator.principal,
        approver=approver,
        reason=f"{body.reason} ({body.evidence})",
        number=number,
        scale=parts.settings.wait_scale,
    )
