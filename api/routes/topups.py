"""Wallet top-ups: announce a bank transfer, or have a phone ring."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import saga_reads
from api.answers import answer
from api.currencies import known_currency
from api.deps import WalletReader, WalletWriter, Wired
from api.idempotency import Key, once_then
from api.lists import Paging, Text
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from api.schemas.topups import CreateTopUp, TopUp, TopUpList
from api.topping import PROVIDER, Topping
from models import ids
from models.saga import SagaKind

router = APIRouter(prefix="/v1/wallet/topups", tags=["wallet"])

Status = Literal["awaiting_money", "sending", "unknown", "credited", "expired"]


@router.post("", status_code=201, response_model=TopUp, responses=refusals(400, 409, 422, 503))
async def create_topup(
    body: CreateTopUp,
    request: Request,
    caller: WalletWriter,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Top the wallet up. Money is credited when it is proven to have come, and as it came."""
    known_currency(body.currency, "/currency")
    carried = body.via == "bank" or await parts.rails.lets_through(PROVIDER)
    topping = Topping(parts, caller, body, carried)
    return await once_then(request, caller, topping, then=topping.send, required=True)


@router.get("", response_model=TopUpList, responses=refusals(400))
async def list_topups(
    caller: WalletReader,
    parts: Wired,
    paging: Paging,
    status: Status | None = None,
    reference: Text = None,
) -> Response:
    """Top-ups, newest first."""
    wanted = paging.wanted(ids.TOPUP, status=status, reference=reference)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.TOPUP, wanted))


@router.get("/{topup}", response_model=TopUp, responses=refusals(404))
async def read_topup(topup: str, caller: WalletReader, parts: Wired) -> Response:
    """One top-up."""
    return answer(await saga_reads.one(parts, caller, SagaKind.TOPUP, topup))


@router.get("/{topup}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def topup_timeline(topup: str, caller: WalletReader, parts: Wired) -> Response:
    """Everything that happened to a top-up, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.TOPUP, topup))
