"""Batches of payouts: a file in, its rows paid, held or refused one by one, and files out."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse

from api import approval_codes, batch_reads, saga_reads
from api.answers import answer
from api.approving import approves
from api.batch_accepting import BatchAcceptance, BatchAsked
from api.batch_files import BatchFiles
from api.batch_words import deciding, saying
from api.choices import Currency
from api.deps import PayoutApprover, PayoutReader, PayoutWriter, Wired
from api.idempotency import Key, once_then
from api.lists import Cursor, Limit, Paging, Text
from api.saga_requests import ask
from api.schemas.common import PRINTABLE
from api.schemas.payout_batches import (
    DuplicateDecision,
    PayoutBatch,
    PayoutBatchList,
    PayoutRowList,
)
from api.schemas.payouts import ApprovalCode, ApprovalRequest
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from api.uploads import BATCHES
from models import ids
from models.approval import ApprovalWord
from models.payout_batch import BatchState, BatchWord, RowState
from models.saga import SagaKind

router = APIRouter(prefix=BATCHES, tags=["payouts"])

Country = Annotated[
    str | None, Query(pattern=r"^[A-Z]{2}$", description="Of numbers written without +254….")
]
Reference = Annotated[str | None, Query(min_length=1, max_length=64, pattern=PRINTABLE)]
_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}},
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
                "schema": {"type": "string", "format": "binary"}
            },
        },
    }
}
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}}
}
_TAKES_WORDS = refusals(400, 404, 409, 422)


@router.post(
    "",
    status_code=201,
    response_model=PayoutBatch,
    responses=refusals(400, 409, 413, 422),
    openapi_extra=_BODY,
)
async def create_payout_batch(
    *,
    request: Request,
    caller: PayoutWriter,
    parts: Wired,
    currency: Currency,
    country: Country = None,
    reference: Reference = None,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Send a file of payouts as the body: CSV or XLSX. Nothing is paid before it is checked."""
    asked = BatchAsked(
        content=await request.body(), currency=currency, country=country, reference=reference
    )
    acceptance = BatchAcceptance(parts, caller, asked)
    return await once_then(
        request, caller, acceptance, then=acceptance.send, required=True, said=asked.said
    )


@router.get("", response_model=PayoutBatchList, responses=refusals(400))
async def list_payout_batches(
    caller: PayoutReader,
    parts: Wired,
    paging: Paging,
    status: BatchState | None = None,
    reference: Text = None,
) -> Response:
    """Batches, newest first."""
    wanted = paging.wanted(ids.BATCH, status=status, reference=reference)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.BATCH, wanted))


@router.get("/{batch}", response_model=PayoutBatch, responses=refusals(404))
async def read_payout_batch(batch: str, caller: PayoutReader, parts: Wired) -> Response:
    """One batch, with its progress as it stands now."""
    return answer(await batch_reads.one(parts, caller, batch))


@router.get("/{batch}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def payout_batch_timeline(batch: str, caller: PayoutReader, parts: Wired) -> Response:
    """Everything that happened to a batch, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.BATCH, batch))


@router.get("/{batch}/rows", response_model=PayoutRowList, responses=refusals(400, 404))
async def list_payout_rows(
    *,
    batch: str,
    caller: PayoutReader,
    parts: Wired,
    limit: Limit = 20,
    cursor: Cursor = None,
    status: RowState | None = None,
) -> Response:
    """The rows of a batch, in the order of the file."""
    page = await batch_reads.rows(parts, caller, batch, state=status, cursor=cursor, limit=limit)
    return answer(page)


@router.get("/{batch}/errors", response_class=Response, responses={**_CSV, **refusals(404)})
async def payout_batch_errors(batch: str, caller: PayoutReader, parts: Wired) -> StreamingResponse:
    """Rows that cannot be paid, as CSV: what is wrong with each, beside what was sent."""
    row = await saga_reads.saga_row(parts, caller, SagaKind.BATCH, batch)
    return BatchFiles(parts, caller, row["id"]).errors()


@router.get("/{batch}/result", response_class=Response, responses={**_CSV, **refusals(404)})
async def payout_batch_result(batch: str, caller: PayoutReader, parts: Wired) -> StreamingResponse:
    """Every row with what became of it until now, as CSV; also while the batch runs."""
    row = await saga_reads.saga_row(parts, caller, SagaKind.BATCH, batch)
    return BatchFiles(parts, caller, row["id"]).results()


@router.post("/{batch}/pause", response_model=PayoutBatch, responses=_TAKES_WORDS)
async def pause_payout_batch(
    batch: str,
    request: Request,
    caller: PayoutWriter,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Make no further payout of its rows. Those that were made go on."""
    return await ask(request, caller, SagaKind.BATCH, batch, saying(BatchWord.PAUSE))


@router.post("/{batch}/resume", response_model=PayoutBatch, responses=_TAKES_WORDS)
async def resume_payout_batch(
    batch: str,
    request: Request,
    caller: PayoutWriter,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Go on where it was paused."""
    return await ask(request, caller, SagaKind.BATCH, batch, saying(BatchWord.RESUME))


@router.post("/{batch}/cancel", response_model=PayoutBatch, responses=_TAKES_WORDS)
async def cancel_payout_batch(
    batch: str,
    request: Request,
    caller: PayoutWriter,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Cancel every row that was not sent. It is `canceled` once those that were have ended."""
    return await ask(request, caller, SagaKind.BATCH, batch, saying(BatchWord.CANCEL))


@router.post("/{batch}/duplicates", response_model=PayoutBatch, responses=_TAKES_WORDS)
async def decide_payout_duplicates(
    batch: str,
    body: DuplicateDecision,
    request: Request,
    caller: PayoutWriter,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Release or skip rows that look like duplicates: those named, or all that are held."""
    return await ask(request, caller, SagaKind.BATCH, batch, deciding(caller, body))


@router.post("/{batch}/approve", response_model=PayoutBatch, responses=_TAKES_WORDS)
async def approve_payout_batch(
    *,
    batch: str,
    body: ApprovalRequest,
    request: Request,
    caller: PayoutApprover,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Let the batch go, all of it. Whoever sent the file may not."""
    kind = SagaKind.BATCH
    word = await approval_codes.allows(request, parts, caller, kind, named=batch, body=body)
    return await ask(request, caller, kind, batch, word)


@router.post(
    "/{batch}/approval_code", response_model=ApprovalCode, responses=refusals(404, 409, 422)
)
async def send_payout_batch_approval_code(
    batch: str,
    request: Request,
    caller: PayoutApprover,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Send a code to whom the policy names; whoever approves has to know it."""
    return await approval_codes.send(request, parts, caller, SagaKind.BATCH, batch)


@router.post("/{batch}/reject", response_model=PayoutBatch, responses=_TAKES_WORDS)
async def reject_payout_batch(
    batch: str,
    body: ApprovalRequest,
    request: Request,
    caller: PayoutApprover,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Refuse it: it ends as canceled and pays nobody."""
    word = approves(caller, ApprovalWord.REJECT, body.reason)
    return await ask(request, caller, SagaKind.BATCH, batch, word)
