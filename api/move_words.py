"""What treasurers say to a move: it may go, or not; and that it is there, or back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from psycopg import errors as sql
from starlette.responses import Response

from activities import approval_rows
from api.answers import answer
from api.errors import Conflict, Forbidden, NotFound
from api.keys import Caller
from api.operators import updated
from api.parts import Parts, parts_of
from api.queries import requests
from api.saga_reads import one, saga_row, saga_uuid
from api.schemas.treasury import MoveSeen, MoveWord
from api.telling import Telling
from models.approval import APPROVAL, ApprovalWord
from models.clearing import ClearingState
from models.clearing_move import CONCLUDE, ClearingSeen, ClearingWord
from models.money import Money
from models.saga import SagaKind, SagaStory
from models.saga_view import saga_object
from runtime.database import Connection


@dataclass(slots=True)
class Allowing:
    """The second person's word: kept with the approval, and told to the move."""

    telling: Telling
    body: MoveWord
    word: ApprovalWord

    async def __call__(self, connection: Connection) -> Response:
        """Decide, once. Raises NotFound, Conflict, and Forbidden for whoever asked."""
        row = await requests.locked(connection, SagaKind.CLEARING, self.telling.saga)
        if row is None:
            raise NotFound("there is no such clearing_move")
        if not await self._decided(connection, row):
            raise Conflict("it is decided, or nobody decided in time")
        await self.telling.leave(connection, row)
        return answer(saga_object(row))

    async def _decided(self, connection: Connection, row: Mapping[str, Any]) -> bool:
        try:
            return await approval_rows.decide(
                connection,
                row,
                checker=self.telling.caller.principal,
                word=self.word,
                reason=self.body.reason,
            )
        except sql.CheckViolation as error:
            raise Forbidden("whoever asked for it does not allow it") from error

    def send(self) -> None:
        """After the commit: have the move look."""
        self.telling.send()


def allowing(
    parts: Parts, caller: Caller, move: str, body: MoveWord, word: ApprovalWord
) -> Allowing:
    """Raises NotFound for an id that is none."""
    saga = saga_uuid(SagaKind.CLEARING, move)
    message = {APPROVAL: str(word)}
    return Allowing(
        Telling(parts, caller, SagaKind.CLEARING, saga, message, lambda _row: None), body, word
    )


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
