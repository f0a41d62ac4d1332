"""Float for the short code loans are paid from: quoted, approved by a code, bought by the bank."""

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import float_verifying, saga_reads
from api.answers import answer
from api.deps import FloatReader, FloatWriter, Operator, Wired
from api.float_accepting import FloatAcceptance
from api.float_resending import Resending
from api.float_verifying import Told
from api.idempotency import Key, once, once_then
from api.lists import Paging, Text
from api.operators import Approver, second
from api.routes.vault_operator import update_saga
from api.saga_reads import saga_row
from api.schemas.float_purchases import (
    CodeRequest,
    CreateFloatPurchase,
    FloatDecisionRequest,
    FloatPurchase,
    FloatPurchaseList,
)
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from models import ids
from models.float_decisions import DECIDE, FloatDecision, FloatWord
from models.float_purchase import FloatState
from models.otp import OtpWord
from models.saga import SagaKind

router = APIRouter(prefix="/v1/float-purchases", tags=["float"])
operator_router = APIRouter(prefix="/v1/operator/float-purchases", tags=["operator"])


@router.post("", status_code=201, response_model=FloatPurchase, responses=refusals(400, 409, 422))
async def create_float_purchase(
    body: CreateFloatPurchase,
    request: Request,
    caller: FloatWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Quote the total and send the approver a code. Nothing is held before the code was right."""
    acceptance = FloatAcceptance(parts, caller, body)
    return await once_then(request, caller, acceptance, then=acceptance.send, required=True)


@router.get("", response_model=FloatPurchaseList, responses=refusals(400))
async def list_float_purchases(
    caller: FloatReader,
    parts: Wired,
    paging: Paging,
    status: FloatState | None = None,
    reference: Text = None,
) -> Response:
    """Float purchases, newest first."""
    wanted = paging.wanted(ids.FLOAT_PURCHASE, status=status, reference=reference)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.FLOAT, wanted))


@router.get("/{purchase}", response_model=FloatPurchase, responses=refusals(404))
async def read_float_purchase(purchase: str, caller: FloatReader, parts: Wired) -> Response:
    """One float purchase."""
    return answer(await saga_reads.one(parts, caller, SagaKind.FLOAT, purchase))


@router.get("/{purchase}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def float_purchase_timeline(purchase: str, caller: FloatReader, parts: Wired) -> Response:
    """Everything that happened to a float purchase, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.FLOAT, purchase))


@router.post(
    "/{purchase}/otp", response_model=FloatPurchase, responses=refusals(400, 404, 409, 422)
)
async def verify_otp(
    purchase: str,
    body: CodeRequest,
    request: Request,
    caller: FloatWriter,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Approve with the code. A wrong one is counted; `tries_left` says how many more are taken."""
    return await float_verifying.verify(request, caller, purchase, body.code)


@router.post(
    "/{purchase}/otp/resend", response_model=FloatPurchase, responses=refusals(400, 404, 409, 422)
)
async def resend_otp(
    purchase: str,
    request: Request,
    caller: FloatWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Send another code, by SMS and by e-mail; the one before is void."""
    row = await saga_row(parts, caller, SagaKind.FLOAT, purchase)
    given, _fresh = await once(request, caller, Resending(parts, caller, row["id"]), required=True)
    return given


@router.post("/{purchase}/cancel", response_model=FloatPurchase, responses=refusals(404, 409, 422))
async def cancel_float_purchase(
    purchase: str,
    request: Request,
    caller: FloatWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Give it up before it is approved; its code is void at once."""
    row = await saga_row(parts, caller, SagaKind.FLOAT, purchase)
    canceled = Told(parts, caller, row["id"], OtpWord.CANCELED)
    return await once_then(request, caller, canceled, then=canceled.send)


@operator_router.post("/{purchase}/decide")
async def decide_float_purchase(
    *,
    purchase: str,
    body: FloatDecisionRequest,
    operator: Operator,
    approver: Approver,
    parts: Wired,
    request: Request,
) -> dict[str, Any]:
    """Two operators say what becomes of money that bought no float, or of float out of place."""
    order = FloatDecision(
        word=FloatWord(body.decision),
        actor=operator.principal,
        approver=await second(parts, approver, operator),
        reason=body.reason,
        evidence=body.evidence,
    )
    return await update_saga(parts, operator, purchase, update=DECIDE, order=order, request=request)
