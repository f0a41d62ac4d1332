"""What operators do: look, ask, resolve, decide. Every act carries two names and a reason."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from temporalio.client import WorkflowFailureError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from api.choices import CaseState
from api.deps import Operator, Wired
from api.errors import Conflict, Invalid, NotFound, Unavailable
from api.keys import Caller
from api.naming import named
from api.operators import Approver, resolution, second, updated
from api.parts import Parts
from api.queries import operator as queries
from api.schemas.operator import AskRequest, DecideRequest, ResolveRequest
from models import ids
from models.case import CASE_DECISION, CaseDecision, CaseWord
from models.checkout import ASK, RESOLVE, OperatorAsk, Story
from models.lifecycle import CheckoutState
from models.moments import moment
from models.step import CaseKind
from workflows.queues import CHECKOUTS

router = APIRouter(prefix="/v1/operator", tags=["operator"])


@router.get("/payments")
async def list_stuck_payments(
    operator: Operator, parts: Wired, limit: Annotated[int, Query(ge=1, le=500)] = 100
) -> dict[str, Any]:
    """Payments of unknown outcome and those that need review, oldest first."""
    found = await queries.stuck_payments(parts.database, limit, livemode=operator.livemode)
    return {"object": "list", "data": found}


@router.post("/payments/{payment}/ask")
async def ask_provider(
    payment: str, body: AskRequest, operator: Operator, parts: Wired, request: Request
) -> dict[str, Any]:
    """Have the provider asked now; answers with what is known then."""
    order = OperatorAsk(actor=operator.principal, reason=body.reason)
    return await _update(parts, operator, payment, update=ASK, order=order, request=request)


@router.post("/payments/{payment}/resolve")
async def resolve_payment(
    *,
    payment: str,
    body: ResolveRequest,
    operator: Operator,
    approver: Approver,
    parts: Wired,
    request: Request,
) -> dict[str, Any]:
    """Two operators end a payment nobody can learn the outcome of any more."""
    order = await resolution(parts, body, operator, approver)
    return await _update(parts, operator, payment, update=RESOLVE, order=order, request=request)


@router.get("/cases")
async def list_cases(
    operator: Operator,
    parts: Wired,
    state: CaseState = "open",
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> dict[str, Any]:
    """Cases, oldest first."""
    found = await queries.cases(parts.database, state, limit, livemode=operator.livemode)
    return {"object": "list", "data": found}


@router.post("/cases/{case}/decide")
async def decide_case(
    case: str, body: DecideRequest, operator: Operator, approver: Approver, parts: Wired
) -> dict[str, Any]:
    """Two operators decide a case of an ended session, once."""
    row = await queries.case_row(
        parts.database, named(ids.CASE, case, "case"), livemode=operator.livemode
    )
    if row is None:
        raise NotFound("there is no such case")
    _decidable(row, body.decision)
    decision = CaseDecision(
        case_id=case,
        org_id=ids.shown(ids.ORG, row["org_id"]),
        livemode=row["livemode"],
        word=body.decision,
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
        refund_id=ids.mint(ids.REFUND) if body.decision is CaseWord.REFUND else None,
    )
    await _decide(parts, decision)
    decided = await queries.case_row(parts.database, row["id"], livemode=operator.livemode)
    return queries.case_object(decided or row)


def _decidable(row: dict[str, Any], word: CaseWord) -> None:
    if row["state"] != "open":
        raise Conflict(f"decided already: {row['decision']}")
    if not CheckoutState(row["checkout_state"]).final:
        raise Conflict("the session is still running: resolve the payment instead")
    if CaseKind(row["kind"]).holds_money == (word is CaseWord.DISMISS):
        told = "accept money, refund it, or say that it is refunded; dismiss the rest"
        pointer = {"pointer": "/decision", "detail": told}
        raise Invalid("this decision does not fit the case", errors=[pointer])


async def _decide(parts: Parts, decision: CaseDecision) -> None:
    """Once at a time: a case whose refund failed is open again, and the row knows.

    Raises Conflict where it is decided otherwise or cannot be decided so, and Unavailable.
    """
    try:
        stands: str = await parts.temporal.execute_workflow(
            CASE_DECISION,
            decision,
            id=decision.case_id,
            task_queue=CHECKOUTS,
            result_type=str,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
    except WorkflowFailureError as error:
        raise Conflict(_why(error)) from error
    except RPCError as error:
        raise Unavailable("Temporal cannot be reached; nothing was decided") from error
    if stands != decision.word:
        raise Conflict(f"decided already: {stands}")


def _why(error: WorkflowFailureError) -> str:
    """What the decision was refused for, in the activity's words."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ApplicationError):
            return cause.message
        cause = cause.__cause__
    return "the decision was not taken"


async def _update(
    parts: Parts,
    operator: Caller,
    payment: str,
    *,
    update: str,
    order: Any,
    request: Request,
) -> dict[str, Any]:
    row = await queries.payment_row(
        parts.database, named(ids.PAYMENT, payment, "payment"), livemode=operator.livemode
    )
    if row is None:
        raise NotFound("there is no such payment")
    story = await updated(
        parts,
        ids.shown(ids.CHECKOUT, row["checkout_id"]),
        request,
        update=update,
        order=order,
        result_type=Story,
        what="payment",
    )
    return _told(payment, story)


def _told(payment: str, story: Story) -> dict[str, Any]:
    return {
        "id": payment,
        "object": "payment_story",
        "checkout": story.checkout_id,
        "status": str(story.payment),
        "attempt": story.attempt_id,
        "attempt_state": str(story.attempt),
        "provider": story.provider,
        "last_evidence": story.last_evidence,
        "next_check_at": moment(story.next_check_at),
        "needs_review": story.needs_review,
    }
