"""What operators decide about loans that were paid: two people, a reason, once."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.answers import answer
from api.deps import Operator, Wired
from api.errors import Conflict, NotFound
from api.loan_returns import returned
from api.naming import named
from api.operators import Approver, second
from api.queries import loans as queries
from api.routes.loans import start
from api.routes.vault_operator import update_saga
from api.schemas.loans import DecidePosting, DecideReversal, LoanRequest
from api.schemas.problems import refusals
from models import ids
from models.loan import LoanState
from models.loan_calls import LoanRef
from models.loan_decisions import (
    DECIDE_POSTING,
    REVERSAL_WORKFLOW,
    PostingDecision,
    ReversalOrder,
)
from models.money import Money
from models.saga import SagaKind, SagaRef

router = APIRouter(prefix="/v1/operator/loans", tags=["operator"])

_REVERSIBLE = frozenset({LoanState.DISBURSED, LoanState.REVERSAL_REVIEW})


@router.post("/{loan}/posting", responses=refusals(403, 404, 409, 503))
async def decide_loan_posting(
    *,
    loan: str,
    body: DecidePosting,
    operator: Operator,
    approver: Approver,
    parts: Wired,
    request: Request,
) -> dict[str, Any]:
    """Book a paid loan once more, or believe that somebody booked it by hand."""
    decision = PostingDecision(
        word=body.decision,
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
    )
    return await update_saga(
        parts, operator, loan, update=DECIDE_POSTING, order=decision, request=request
    )


@router.post("/{loan}/reversal", response_model=LoanRequest, responses=refusals(403, 404, 409, 503))
async def decide_loan_reversal(
    loan: str, body: DecideReversal, operator: Operator, approver: Approver, parts: Wired
) -> Response:
    """M-Pesa took the payment back: have the lender's booking undone, or leave it as it is."""
    row = await _reversible(loan, operator.livemode, parts)
    data, number = row["data"], row["undone"] + 1
    ref = SagaRef(
        id=loan,
        kind=SagaKind.LOAN,
        org_id=ids.shown(ids.ORG, row["org_id"]),
        livemode=row["livemode"],
    )
    order = ReversalOrder(
        ref=LoanRef(saga=ref, tenant=data["tenant"], loan_id=data["loan"]),
        state=row["state"],
        amount=Money(data["amount"], row["currency"]),
        receipt=data.get("receipt") or "",
        posted=bool(data.get("booked")),
        word=body.decision,
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
        payout=row["payout"],
        number=number,
        returned=await returned(parts, row),
        scale=parts.settings.wait_scale,
    )
    await start(parts, REVERSAL_WORKFLOW, order, f"{loan}/reversal/{number}")
    return answer({"object": "loan_reversal", "about": loan, "requested": True})


async def _reversible(loan: str, livemode: bool, parts: Wired) -> Any:  # noqa: FBT001 - the second half of the scope
    row = await queries.loan(parts.database, named(ids.LOAN, loan, "loan"), livemode=livemode)
    if row is None:
        raise NotFound("there is no such loan")
    if row["state"] not in _REVERSIBLE:
        raise Conflict(f"the loan is {row['state']}: there is nothing to turn round")
    return row
