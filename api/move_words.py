"""What treasurers say to a move: it may go, or not; and that it is there, or back."""

from fastapi import Request
from starlette.responses import Response

from api.answers import answer
from api.approving import approves
from api.errors import Conflict
from api.keys import Caller
from api.operators import updated
from api.parts import parts_of
from api.saga_reads import one, saga_row
from api.saga_requests import ask
from api.schemas.treasury import MoveSeen, MoveWord
from models.approval import ApprovalWord
from models.clearing import ClearingState
from models.clearing_move import CONCLUDE, ClearingSeen, ClearingWord
from models.money import Money
from models.saga import SagaKind, SagaStory


async def allowed(
    request: Request, caller: Caller, move: str, body: MoveWord, word: ApprovalWord
) -> Response:
    """The second person's word, told to the move. Raises NotFound and what refuses the word."""
    decides = approves(caller, word, body.reason, state=ClearingState.DRAFT)
    return await ask(request, caller, SagaKind.CLEARING, move, decides)


async def concluded(
    request: Request, caller: Caller, move: str, body: MoveSeen, word: ClearingWord
) -> Response:
    """What was seen, told to the running move. Raises NotFound, Conflict and Unavailable."""
    parts = parts_of(request)
    row = await saga_row(parts, caller, SagaKind.CLEARING, move)
    if row["state"] == ClearingState.DRAFT:
        raise Conflict("nobody has allowed it yet")
    seen = ClearingSeen(
        word=word,
        actor=caller.principal,
        amount=Money(body.amount or row["amount"], row["currency"]),
        evidence=body.evidence,
        receipt=body.receipt,
    )
    await updated(
        parts, move, request, update=CONCLUDE, order=seen, result_type=SagaStory, what="move"
    )
    return answer(await one(parts, caller, SagaKind.CLEARING, move))
