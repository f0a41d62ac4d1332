"""What operators do to sagas of the vault: look at what is stuck, ask, resolve."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.choices import CaseState
from api.deps import Operator, Wired
from api.errors import NotFound
from api.keys import Caller
from api.operators import Approver, resolution, updated
from api.parts import Parts
from api.queries import vault_operator as queries
from api.schemas.operator import AskRequest, ResolveRequest
from models import ids
from models.checkout import OperatorAsk
from models.moments import moment
from models.saga import ASK, RESOLVE, SagaStory

router = APIRouter(prefix="/v1/operator", tags=["operator"])


@router.get("/sagas")
async def list_stuck_sagas(
    operator: Operator, parts: Wired, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> dict[str, Any]:
    """Sagas that wait for somebody: unknown, parked or in need of review, oldest first."""
    found = await queries.stuck(parts.database, limit, livemode=operator.livemode)
    return {"object": "list", "data": found}


@router.get("/exceptions")
async def list_exceptions(
    operator: Operator,
    parts: Wired,
    state: CaseState = "open",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Cases about sagas, oldest first, with what is prepared for whoever decides."""
    found = await queries.exceptions(parts.database, state, limit, livemode=operator.livemode)
    return {"object": "list", "data": found}


@router.post("/sagas/{saga}/ask")
async def ask_about_saga(
    saga: str, body: AskRequest, operator: Operator, parts: Wired, request: Request
) -> dict[str, Any]:
    """Have the outside system asked now; answers with what is known then."""
    order = OperatorAsk(actor=operator.principal, reason=body.reason)
    return await update_saga(parts, operator, saga, update=ASK, order=order, request=request)


@router.post("/sagas/{saga}/resolve")
async def resolve_saga(
    *,
    saga: str,
    body: ResolveRequest,
    operator: Operator,
    approver: Approver,
    parts: Wired,
    request: Request,
) -> dict[str, Any]:
    """Two operators end an instruction nobody can learn the outcome of any more."""
    order = await resolution(parts, body, operator, approver)
    return await update_saga(parts, operator, saga, update=RESOLVE, order=order, request=request)


async def update_saga(
    parts: Parts, operator: Caller, saga: str, *, update: str, order: Any, request: Request
) -> dict[str, Any]:
    """Send a typed update to the running saga. Raises NotFound, Conflict and Unavailable."""
    if not await _exists(parts, saga, livemode=operator.livemode):
        raise NotFound("there is no such saga")
    story = await updated(
        parts,
        saga,
        request,
        update=update,
        order=order,
        result_type=SagaStory,
        what="saga",
    )
    return _told(story)


async def _exists(parts: Parts, saga: str, *, livemode: bool) -> bool:
    try:
        saga_id = ids.parsed(ids.prefix_of(saga), saga)
    except ids.BadId:
        return False
    return await queries.exists(parts.database, saga_id, livemode=livemode)


def _told(story: SagaStory) -> dict[str, Any]:
    return {
        "id": story.id,
        "object": "saga_story",
        "kind": str(story.kind),
        "status": story.state,
        "instruction_state": story.instruction and str(story.instruction),
        "last_evidence": story.last_evidence,
        "next_check_at": moment(story.next_check_at),
        "needs_review": story.needs_review,
    }
