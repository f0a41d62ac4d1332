"""What somebody says to a batch: pause, resume, cancel; release or skip what looks doubled."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from api.answers import answer
from api.batch_errors import BatchStanding
from api.batch_reads import shown
from api.errors import NotFound
from api.keys import Caller
from api.methods import wrong
from api.parts import Parts
from api.queries import payout_batches as queries
from api.queries import requests
from api.queries.requests import Row
from api.saga_reads import saga_uuid
from api.schemas.payout_batches import DuplicateDecision
from api.telling import Telling
from models import ids
from models.payout_batch import WORD, BatchState, BatchWord, RowState, RowWord
from models.saga import SagaKind
from runtime.database import Connection

_B = BatchState
_OPEN = frozenset({_B.VALIDATING, _B.REQUIRES_APPROVAL, _B.RUNNING, _B.PAUSED})
#: In which states each word is taken; one that is obeyed already is taken too.
_TAKEN = {
    BatchWord.PAUSE: frozenset({_B.RUNNING, _B.PAUSED}),
    BatchWord.RESUME: frozenset({_B.RUNNING, _B.PAUSED}),
    BatchWord.CANCEL: _OPEN,
    BatchWord.LOOK: _OPEN - {_B.VALIDATING},
}


def saying(parts: Parts, caller: Caller, batch: str, word: BatchWord) -> Telling:
    """The word, to be left for the batch. Raises NotFound for an id that is none."""

    def may(row: Row) -> None:
        if BatchState(row["state"]) not in _TAKEN[word]:
            raise BatchStanding(f"the batch is {row['state']}")

    saga = saga_uuid(SagaKind.BATCH, batch)
    return Telling(parts, caller, SagaKind.BATCH, saga, {WORD: str(word)}, may)


@dataclass(slots=True)
class Deciding:
    """A decision about rows that are held; `telling` has the batch look at once."""

    telling: Telling
    body: DuplicateDecision

    async def __call__(self, connection: Connection) -> Response:
        """Decide in the request's transaction. Raises NotFound, BatchStanding and Invalid."""
        rows = _row_ids(self.body.rows)
        row = await requests.locked(connection, SagaKind.BATCH, self.telling.saga)
        if row is None:
            raise NotFound("there is no such payout_batch")
        self.telling.may(row)
        released = self.body.decision is RowWord.RELEASE
        decided = await queries.decide(
            connection,
            row["id"],
            state=str(RowState.READY if released else RowState.SKIPPED),
            actor=self.telling.caller.principal,
            rows=rows,
        )
        if rows is not None and decided != len(set(rows)):
            raise BatchStanding("not all of these rows are held; nothing was decided")
        await self.telling.leave(connection, row)
        return answer({**await shown(connection, row), "decided": decided})

    def send(self) -> None:
        """After the commit: have the batch look."""
        self.telling.send()


def _row_ids(named: Sequence[str] | None) -> list[UUID] | None:
    if named is None:
        return None
    try:
        return [ids.parsed(ids.BATCH_ROW, one) for one in named]
    except ids.BadId as error:
        raise wrong("/rows", "not all are pbr_… ids") from error
