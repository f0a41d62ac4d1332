"""What somebody says to a batch: pause, resume, cancel; release or skip what looks doubled."""

from collections.abc import Sequence
from uuid import UUID

from api.batch_errors import BatchStanding
from api.keys import Caller
from api.methods import wrong
from api.queries import payout_batches as queries
from api.saga_requests import Decides, Row, Word
from api.schemas.payout_batches import DuplicateDecision
from models import ids
from models.payout_batch import WORD, BatchState, BatchWord, RowState, RowWord
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


def saying(word: BatchWord) -> Decides:
    """The word, told every time it is said. Raises BatchStanding."""

    async def decides(_connection: Connection, row: Row) -> Word:
        return _word(row, word)

    return decides


def deciding(caller: Caller, body: DuplicateDecision) -> Decides:
    """Release or skip rows that are held, and have the batch look. Raises BatchStanding."""
    rows = _row_ids(body.rows)
    state = RowState.READY if body.decision is RowWord.RELEASE else RowState.SKIPPED

    async def decides(connection: Connection, row: Row) -> Word:
        word = _word(row, BatchWord.LOOK)
        decided = await queries.decide(
            connection, row["id"], state=state, actor=caller.principal, rows=rows
        )
        if rows is not None and decided != len(set(rows)):
            raise BatchStanding("not all of these rows are held; nothing was decided")
        return word

    return decides


def _word(row: Row, word: BatchWord) -> Word:
    if BatchState(row["state"]) not in _TAKEN[word]:
        raise BatchStanding(f"the batch is {row['state']}")
    return Word(once=ids.mint(word), message={WORD: str(word)})


def _row_ids(named: Sequence[str] | None) -> list[UUID] | None:
    """Raises Invalid for what names no row."""
    if named is None:
        return None
    try:
        return [ids.parsed(ids.BATCH_ROW, one) for one in named]
    except ids.BadId as error:
        raise wrong("/rows", "not all are pbr_… ids") from error
