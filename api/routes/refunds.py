"""Refunds: a payment given back, whole or in part, and never more than was captured."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import approval_codes, refund_reads, saga_reads
from api.answers import answer
from api.approving import approves
from api.deps import PayoutApprover, Reader, RefundWriter, Wired
from api.idempotency import Key, once
from api.lists import Paging, Text, id_of
from api.refund_words import gives_up
from api.refunding import RefundAcceptance
from api.saga_requests import ask
from api.schemas.payouts import ApprovalCode, ApprovalRequest
from api.schemas.problems import refusals
from api.schemas.refunds import CreateRefund, Refund, RefundList
from api.schemas.sagas import SagaTimeline
from api.waiting import Wait
from models import ids
from models.approval import ApprovalWord
from models.refund import RefundState
from models.saga import SagaKind

router = APIRouter(prefix="/v1/refunds", tags=["refunds"])


@router.post(
    "", status_code=201, response_model=Refund, responses=refusals(400, 403, 404, 409, 422)
)
async def create_refund(
    *,
    body: CreateRefund,
    request: Request,
    caller: RefundWriter,
    parts: Wired,
    wait: Wait = 0,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Give a payment back. The amount is reserved at once, so no two refunds take the same money.

    A payment whose outcome is unknown is not refunded: do_not_retry.
    """
    acceptance = RefundAcceptance(parts, caller, body)
    given, fresh = await once(request, caller, acceptance, required=True)
    if fresh:
        acceptance.send()
    if wait and fresh and acceptance.accepted is not None:
        named = ids.shown(ids.REFUND, acceptance.accepted.row["id"])
        return answer(await refund_reads.told(parts, caller, named, wait), 201)
    return given


@router.get("", response_model=RefundList, responses=refusals(400))
async def list_refunds(
    *,
    caller: Reader,
    parts: Wired,
    paging: Paging,
    status: RefundState | None = None,
    reference: Text = None,
    payment: Text = None,
) -> Response:
    """Refunds, newest first."""
    if payment is not None:
        id_of((ids.PAYMENT,), payment, "payment")
    wanted = paging.wanted(ids.REFUND, status=status, reference=reference, payment=payment)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.REFUND, wanted))


@router.get("/{refund}", response_model=Refund, responses=refusals(404))
async def read_refund(refund: str, caller: Reader, parts: Wired) -> Response:
    """One refund. Unknown is a status, not an error: do not refund again."""
    return answer(await saga_reads.one(parts, caller, SagaKind.REFUND, refund))


@router.get("/{refund}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def refund_timeline(refund: str, caller: Reader, parts: Wired) -> Response:
    """Everything that happened to a refund, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.REFUND, refund))


@router.post("/{refund}/cancel", response_model=Refund, responses=refusals(404, 409, 422))
async def cancel_refund(
    refund: str,
    request: Request,
    caller: RefundWriter,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Give a refund up that has not left: it ends canceled, unless it leaves at this moment."""
    return await ask(request, caller, SagaKind.REFUND, refund, gives_up())


@router.post("/{refund}/approve", response_model=Refund, responses=refusals(404, 409, 422))
async def approve_refund(
    *,
    refund: str,
    body: ApprovalRequest,
    request: Request,
    caller: PayoutApprover,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Let it go: it is a payout to the payer's number. Whoever asked for it may not."""
    kind = SagaKind.REFUND
    word = await approval_codes.allows(request, parts, caller, kind, named=refund, body=body)
    return await ask(request, caller, kind, refund, word)


@router.post(
    "/{refund}/approval_code", response_model=ApprovalCode, responses=refusals(404, 409, 422)
)
async def send_refund_approval_code(
    refund: str,
    request: Request,
    caller: PayoutApprover,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Send a code to whom the policy names; whoever approves has to know it."""
    return await approval_codes.send(request, parts, caller, SagaKind.REFUND, refund)


@router.post("/{refund}/reject", response_model=Refund, responses=refusals(404, 409, 422))
async def reject_refund(
    *,
    refund: str,
    body: ApprovalRequest,
    request: Request,
    caller: PayoutApprover,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Refuse it: it ends as canceled, and the amount may be refunded otherwise."""
    word = approves(caller, ApprovalWord.REJECT, body.reason)
    return await ask(request, caller, SagaKind.REFUND, refund, word)
