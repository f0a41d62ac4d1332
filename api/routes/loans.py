"""Loan disbursements: what became of each, looking for new ones, trying a failed one again."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from api import saga_reads
from api.answers import answer
from api.deps import LoanReader, LoanWriter, Wired
from api.errors import Conflict, Unavailable
from api.lists import Paging
from api.parts import Parts
from api.schemas.loans import LoanList, LoanRequest, LoanView
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from models import ids
from models.loan import UNPAID_ENDINGS
from models.loan_calls import HintOrder, PollOrder
from models.saga import SagaKind
from workflows.loan_polling import HINT, POLL, schedule_id
from workflows.queues import VAULT

router = APIRouter(prefix="/v1/loans", tags=["loans"])

Status = Literal[
    "found", "preflight", "parked", "held", "sending", "unknown", "paid", "posting",
    "posting_unknown", "posting_review", "disbursed", "failed", "rejected", "reversal_review",
    "reversed",
]  # fmt: skip
Number = Annotated[str | None, Query(alias="loan", pattern=r"^\d{1,18}$", description="Mifos id.")]


@router.get("", response_model=LoanList, responses=refusals(400))
async def list_loans(
    caller: LoanReader,
    parts: Wired,
    paging: Paging,
    status: Status | None = None,
    number: Number = None,
) -> Response:
    """Disbursements, newest first."""
    wanted = paging.wanted(ids.LOAN, status=status, loan=number)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.LOAN, wanted))


@router.get("/{loan}", response_model=LoanView, responses=refusals(404))
async def read_loan(loan: str, caller: LoanReader, parts: Wired) -> Response:
    """One disbursement."""
    return answer(await saga_reads.one(parts, caller, SagaKind.LOAN, loan))


@router.get("/{loan}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def loan_timeline(loan: str, caller: LoanReader, parts: Wired) -> Response:
    """Everything that happened to a disbursement, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.LOAN, loan))


@router.post("/poll", response_model=LoanRequest, responses=refusals(503))
async def poll_loans(caller: LoanWriter, parts: Wired) -> Response:
    """Look for approved loans now; one round at a time. What waits is looked at again too."""
    order = PollOrder(org_id=ids.shown(ids.ORG, caller.org), livemode=caller.livemode)
    await start(parts, POLL, order, f"{schedule_id(order)}/asked")
    return answer({"object": "loan_poll", "about": None, "requested": True})


@router.post("/{loan}/retry", response_model=LoanRequest, responses=refusals(404, 409, 503))
async def retry_loan(loan: str, caller: LoanWriter, parts: Wired) -> Response:
    """Try a loan again that ended unpaid, once per ending. It must still be approved in Mifos."""
    shown = await saga_reads.one(parts, caller, SagaKind.LOAN, loan)
    if shown["status"] not in UNPAID_ENDINGS:
        raise Conflict(f"the loan is {shown['status']}: only what ended unpaid is tried again")
    order = HintOrder(
        org_id=ids.shown(ids.ORG, caller.org),
        livemode=caller.livemode,
        loan_id=shown["loan"],
        asked=True,
    )
    await start(parts, HINT, order, f"{HINT}/{loan}")
    return answer({"object": "loan_retry", "about": loan, "requested": True})


async def start(parts: Parts, kind: str, order: Any, workflow_id: str) -> None:
    """Start it, unless it runs. Raises Unavailable when Temporal cannot be reached."""
    try:
        await parts.temporal.start_workflow(
            kind,
            order,
            id=workflow_id,
            task_queue=VAULT,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
    except WorkflowAlreadyStartedError:
        return
    except RPCError as error:
        raise Unavailable("Temporal cannot be reached; nothing was set going") from error
