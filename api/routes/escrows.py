"""Escrows: a payment kept apart until it is released, refunded, or divided by two people."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from api import escrow_reads, saga_reads
from api.answers import answer
from api.deps import EscrowReader, EscrowWriter, Operator, Wired
from api.errors import Forbidden
from api.escrow_accepting import EscrowAcceptance
from api.escrow_deciding import EscrowDesk
from api.idempotency import Key, once_then
from api.keys import PAYOUTS_APPROVE, Caller
from api.lists import Paging, Text
from api.operators import Approver, second
from api.parts import Parts
from api.schemas.escrows import (
    CreateEscrow,
    DecideRequest,
    DisputeRequest,
    Escrow,
    EscrowList,
    EscrowPartList,
    EscrowRefundRequest,
    ReleaseRequest,
)
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from models import ids
from models.escrow import EscrowState
from models.saga import SagaKind

router = APIRouter(prefix="/v1/escrows", tags=["escrows"])
operator_router = APIRouter(prefix="/v1/operator/escrows", tags=["operator"])
_DECIDED = refusals(400, 404, 409, 422)


@router.post("", status_code=201, response_model=Escrow, responses=refusals(400, 409, 413, 422))
async def create_escrow(
    body: CreateEscrow,
    request: Request,
    caller: EscrowWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """An escrow with its checkout. With `confirm` the payer is asked at once."""
    method = body.confirm.method if body.confirm else None
    carried = method is None or await parts.rails.lets_through(method)
    acceptance = EscrowAcceptance(parts, caller, body, carried)
    return await once_then(request, caller, acceptance, then=acceptance.send, required=True)


@router.get("", response_model=EscrowList, responses=refusals(400))
async def list_escrows(
    caller: EscrowReader,
    parts: Wired,
    paging: Paging,
    status: EscrowState | None = None,
    reference: Text = None,
) -> Response:
    """Escrows, newest first."""
    wanted = paging.wanted(ids.ESCROW, status=status, reference=reference)
    return answer(await escrow_reads.listed_escrows(parts, caller, wanted))


@router.get("/{escrow}", response_model=Escrow, responses=refusals(404))
async def read_escrow(escrow: str, caller: EscrowReader, parts: Wired) -> Response:
    """One escrow."""
    return answer(await escrow_reads.one(parts, caller, escrow))


@router.get("/{escrow}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def escrow_timeline(escrow: str, caller: EscrowReader, parts: Wired) -> Response:
    """Everything that happened to an escrow, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.ESCROW, escrow))


@router.get("/{escrow}/parts", response_model=EscrowPartList, responses=refusals(404))
async def escrow_parts(escrow: str, caller: EscrowReader, parts: Wired) -> Response:
    """What was decided to leave it, in order, with its proofs and reasons."""
    return answer(await escrow_reads.parts_of(parts, caller, escrow))


@router.post("/{escrow}/release", response_model=Escrow, responses=_DECIDED)
async def release_escrow(
    *,
    escrow: str,
    body: ReleaseRequest,
    request: Request,
    caller: EscrowWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Release a part, or all that is left, by proof of delivery."""
    desk = _desk(parts, caller, escrow)
    act = partial(desk.release, amount=body.amount, by="proof", note=body.proof)
    return await once_then(request, caller, act, then=desk.send, required=True)


@router.post("/{escrow}/refund", response_model=Escrow, responses=_DECIDED)
async def refund_escrow(
    *,
    escrow: str,
    body: EscrowRefundRequest,
    request: Request,
    caller: EscrowWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Give a part, or all that is left, back to the payer, by a refund of its payment."""
    desk = _desk(parts, caller, escrow)
    act = partial(desk.refund, amount=body.amount, reason=body.reason)
    return await once_then(request, caller, act, then=desk.send, required=True)


@router.post("/{escrow}/dispute", response_model=Escrow, responses=_DECIDED)
async def dispute_escrow(
    *,
    escrow: str,
    body: DisputeRequest,
    request: Request,
    caller: EscrowWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Freeze what is left, and the timer, until two people decide."""
    desk = _desk(parts, caller, escrow)
    return await once_then(
        request, caller, partial(desk.dispute, reason=body.reason), then=desk.send, required=True
    )


Second = Annotated[
    str,
    Header(
        alias="Kauri-Approver",
        description="`Bearer` and a key of a second person, with the scope payouts:approve.",
    ),
]


@router.post("/{escrow}/decide", response_model=Escrow, responses=refusals(400, 403, 404, 409, 422))
async def decide_escrow(
    *,
    escrow: str,
    body: DecideRequest,
    request: Request,
    caller: EscrowWriter,
    parts: Wired,
    approver: Second,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Two people of the organisation divide what a dispute froze, or let the escrow go on."""
    checker = await _second(parts, approver, caller)
    desk = _desk(parts, caller, escrow)
    act = partial(desk.decide, body=body, checker=checker)
    return await once_then(request, caller, act, then=desk.send, required=True)


@operator_router.post("/{escrow}/decide")
async def decide_escrow_as_operators(
    *, escrow: str, body: DecideRequest, operator: Operator, approver: Approver, parts: Wired
) -> dict[str, Any]:
    """The same by two operators, for any organisation. Decided once: a repeat is refused."""
    checker = await second(parts, approver, operator)
    return await escrow_reads.decided_for(parts, operator, escrow, body, checker)


def _desk(parts: Parts, caller: Caller, escrow: str) -> EscrowDesk:
    return EscrowDesk(
        parts=parts,
        org=caller.org,
        livemode=caller.livemode,
        escrow=saga_reads.saga_uuid(SagaKind.ESCROW, escrow),
        actor=caller.principal,
    )


async def _second(parts: Parts, header: str, actor: Caller) -> str:
    """The second person of the organisation, by a key of their own. Raises Forbidden."""
    caller = await parts.keys.caller(header.removeprefix("Bearer ").strip())
    if PAYOUTS_APPROVE not in caller.scopes:
        raise Forbidden(f"the approver's key lacks the scope {PAYOUTS_APPROVE}")
    if (caller.org, caller.livemode) != (actor.org, actor.livemode):
        raise Forbidden("the approver's key is of another organisation or mode")
    if caller.principal == actor.principal:
        raise Forbidden("the approver may not be the one who acts")
    return caller.principal
