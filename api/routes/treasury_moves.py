"""Moves of our own money between floats and banks: one asks, another allows, somebody sees."""

from typing import Literal

from fastapi import APIRouter, Request
from starlette.responses import Response

from api import saga_reads
from api.answers import answer
from api.currencies import known_currency
from api.deps import Treasurer, Wired
from api.idempotency import Key, once_then
from api.lists import Paging
from api.move_words import allowed, concluded
from api.moving import Moving
from api.schemas.problems import refusals
from api.schemas.sagas import SagaTimeline
from api.schemas.treasury import CreateMove, Move, MoveList, MoveSeen, MoveWord
from models import ids
from models.approval import ApprovalWord
from models.clearing_move import ClearingWord
from models.saga import SagaKind

router = APIRouter(prefix="/v1/treasury/moves", tags=["treasury"])

Status = Literal["draft", "approved", "sent", "unknown", "arrived", "returned", "rejected"]


@router.post("", status_code=201, response_model=Move, responses=refusals(400, 409, 422, 503))
async def create_move(
    body: CreateMove,
    request: Request,
    caller: Treasurer,
    parts: Wired,
    idempotency_key: Key = None,  # noqa: ARG001 - read by api.idempotency; named here for the docs
) -> Response:
    """Ask for a move. Nothing is reserved or sent before somebody else allows it."""
    known_currency(body.currency, "/currency")
    moving = Moving(parts, caller, body)
    return await once_then(request, caller, moving, then=moving.send, required=True)


@router.get("", response_model=MoveList, responses=refusals(400))
async def list_moves(
    caller: Treasurer, parts: Wired, paging: Paging, status: Status | None = None
) -> Response:
    """Moves, newest first."""
    wanted = paging.wanted(ids.CLEARING, status=status)
    return answer(await saga_reads.listed_sagas(parts, caller, SagaKind.CLEARING, wanted))


@router.get("/{move}", response_model=Move, responses=refusals(404))
async def read_move(move: str, caller: Treasurer, parts: Wired) -> Response:
    """One move."""
    return answer(await saga_reads.one(parts, caller, SagaKind.CLEARING, move))


@router.get("/{move}/timeline", response_model=SagaTimeline, responses=refusals(404))
async def move_timeline(move: str, caller: Treasurer, parts: Wired) -> Response:
    """Everything that happened to a move, oldest first."""
    return answer(await saga_reads.timeline(parts, caller, SagaKind.CLEARING, move))


@router.post("/{move}/approve", response_model=Move, responses=refusals(403, 404, 409))
async def approve_move(move: str, body: MoveWord, request: Request, caller: Treasurer) -> Response:
    """Allow a move somebody else asked for."""
    return await allowed(request, caller, move, body, ApprovalWord.APPROVE)


@router.post("/{move}/reject", response_model=Move, responses=refusals(403, 404, 409))
async def reject_move(move: str, body: MoveWord, request: Request, caller: Treasurer) -> Response:
    """Refuse a move somebody else asked for."""
    return await allowed(request, caller, move, body, ApprovalWord.REJECT)


@router.post("/{move}/arrived", response_model=Move, responses=refusals(404, 409, 503))
async def move_arrived(move: str, body: MoveSeen, request: Request, caller: Treasurer) -> Response:
    """Say that it is there, and how much of it; not whoever asked for it."""
    return await concluded(request, caller, move, body, ClearingWord.ARRIVED)


@router.post("/{move}/returned", response_model=Move, responses=refusals(404, 409, 503))
async def move_returned(move: str, body: MoveSeen, request: Request, caller: Treasurer) -> Response:
    """Say that it came back whole; not whoever asked for it."""
    return await concluded(request, caller, move, body, ClearingWord.RETURNED)
