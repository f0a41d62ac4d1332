"""Payouts: send money, look, take it back, and let go what a second person has to allow."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import approval_codes, payout_reads, saga_reads
from api.answers import answer
from api.approving import approves
from api.deps import PayoutApprover, PayoutReader, PayoutWriter, Wired
from api.idempotency import Key, once
from api.lists import Paging, Text
from api.payout_desk import CANCELABLE, Paying
from api.saga_reads import saga_uuid
from api.saga_requests import ask, cancels
from api.schemas.payouts import ApprovalCode, ApprovalRequest, CreatePayout, Payout, PayoutList
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from api.waiting import Wait
from models import ids
from models.approval import ApprovalWord
from models.payout_states import PayoutState
from models.saga import SagaKind

router = APIRouter(prefix="/v1/payouts", tags=["payouts"])


@router.post("", status_code=201, response_model=Payout, responses=refusals(400, 409, 422))
async def create_payout(
    *,
    body: CreatePayout,
    request: Request,
    caller: PayoutWriter,
    parts: Wired,
    wait: Wait = 0,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Send money out of what you are owed. It is held before it leaves, and leaves once."""
    paying = Paying(parts, caller, body)
    await paying.ready()
    given, fresh = await once(request, caller, paying, required=True)
    if fresh:
        paying.send()
    if wait and fresh and paying.order is not None:
        payout = ids.parsed(ids.PAYOUT, paying.order.saga.id)
        return answer(await payout_reads.settled(parts, caller, payout, wait), 201)
    return given


@router.get("", response_model=PayoutList, responses=refusals(400))
async def list_payouts(
    caller: PayoutReader,
    parts: Wired,
    paging: Paging,
    status: PayoutState | None = None,
    reference: Text = None,
) -> Response:
    """Payouts, newest first."""
    wanted = paging.wanted(ids.PAYOUT, status=status, reference=reference)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.PAYOUT, wanted))


@router.get("/{payout}", response_model=Payout, responses=refusals(404))
async def read_payout(payout: str, caller: PayoutReader, parts: Wired, wait: Wait = 0) -> Response:
    """One payout, with the holder's name where its provider told it, and its approval."""
    named = saga_uuid(SagaKind.PAYOUT, payout)
    return answer(await payout_reads.settled(parts, caller, named, wait))


@router.get("/{payout}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def payout_timeline(payout: str, caller: PayoutReader, parts: Wired) -> Response:
    """Everything that happened to a payout, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.PAYOUT, payout))


@router.post("/{payout}/cancel", response_model=Payout, responses=refusals(404, 409, 422))
async def cancel_payout(
    payout: str,
    request: Request,
    caller: PayoutWriter,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Take it back, as long as nothing has left: up to `queued`. Read it again for the outcome."""
    return await ask(request, caller, SagaKind.PAYOUT, payout, cancels(CANCELABLE))


@router.post("/{payout}/approve", response_model=Payout, responses=refusals(404, 409, 422))
async def approve_payout(
    *,
    payout: str,
    body: ApprovalRequest,
    request: Request,
    caller: PayoutApprover,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Let it go. Whoever asked for it may not."""
    kind = SagaKind.PAYOUT
    word = await approval_codes.allows(request, parts, caller, kind, named=payout, body=body)
    return await ask(request, caller, SagaKind.PAYOUT, payout, word)


@router.post(
    "/{payout}/approval_code", response_model=ApprovalCode, responses=refusals(404, 409, 422)
)
async def send_approval_code(
    payout: str,
    request: Request,
    caller: PayoutApprover,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Send a code to whom the policy names; whoever approves has to know it."""
    return await approval_codes.send(request, parts, caller, SagaKind.PAYOUT, payout)


@router.post("/{payout}/reject", response_model=Payout, responses=refusals(404, 409, 422))
async def reject_payout(
    *,
    payout: str,
    body: ApprovalRequest,
    request: Request,
    caller: PayoutApprover,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Refuse it: it ends as canceled."""
    word = approves(caller, ApprovalWord.REJECT, body.reason)
    return await ask(request, caller, SagaKind.PAYOUT, payout, word)
