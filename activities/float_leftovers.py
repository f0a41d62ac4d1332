"""Reservations nobody will end: of sagas that have ended while their run was no more."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from activities.float_gates import FloatGates
from models import ids, saga_states
from models.float_gate import FloatEnd
from models.saga import SagaKind, SagaRef

if TYPE_CHECKING:
    from runtime.database import Database

    Row = Mapping[str, Any]

#: Reservations looked at in one question.
PAGE = 500
#: A run that lives ends its own within seconds of its end.
_OPEN = """
select seq, id, for_org, livemode, saga_id from float_reservations
 where state in ('waiting','granted') and asked_at < now() - interval '5 minutes' and seq > %s
 order by seq limit %s"""
_ENDED = """
select s.id, s.kind, s.state, exists (select from instructions i
    where i.saga_id = s.id and i.state in ('succeeded','reversed')) as spent
  from sagas s where s.id = any(%s) and s.updated_at < now() - interval '5 minutes'"""


class FloatLeftovers:
    """Ends what a run that was terminated left reserved. What has not ended keeps its own."""

    def __init__(self, database: "Database", gates: FloatGates) -> None:
        self._database = database
        self._gates = gates

    async def round(self) -> int:
        """One look at all that is reserved; returns how many were ended."""
        ended, after = 0, 0
        while rows := await self._read(_OPEN, after, PAGE):
            ended += await self._end(rows)
            after = rows[-1]["seq"]
        return ended

    async def _end(self, rows: "Sequence[Row]") -> int:
        """The entry of the outcome is committed with the state that ends a saga."""
        sagas = await self._read(_ENDED, [_saga_id(row) for row in rows])
        over = {one["id"]: one for one in sagas if _is_over(one)}
        left = [row for row in rows if _saga_id(row) in over]
        for row in left:
            saga = over[_saga_id(row)]
            ref = SagaRef(
                id=row["saga_id"],
                kind=SagaKind(saga["kind"]),
                org_id=ids.shown(ids.ORG, row["for_org"]),
                livemode=row["livemode"],
            )
            await self._gates.release(FloatEnd(id=row["id"], saga=ref, spent=saga["spent"]))
        return len(left)

    async def _read(self, query: str, *values: Any) -> "Sequence[Row]":
        async with self._database.system() as connection:
            return await (await connection.execute(query, values)).fetchall()


def _is_over(saga: "Row") -> bool:
    return saga_states.final(SagaKind(saga["kind"]), saga["state"])


def _saga_id(row: "Row") -> UUID:
    return ids.parsed(ids.prefix_of(row["saga_id"]), row["saga_id"])
