"""How fast checkouts, loans and payouts are started: no faster than their first calls leave.

Starting is cheap and carrying a run on is not. Started without measure, a burst has thousands of
runs waiting for each other: callbacks are heard late, questions are asked that a callback had
answered, and what falls out of the worker's cache is replayed. An accepted row waits for free.
"""

import time
from collections.abc import Callable
from typing import LiteralString
from uuid import UUID

from runtime.database import Connection

#: Which attempts' prompts have not left.
PROMPTS: LiteralString = "select id from attempts where id = any(%s) and state = 'created'"
#: Which loans have not left; one that is parked waits for free.
LOANS: LiteralString = """
select id from sagas where id = any(%s) and state in ('found','preflight','held')"""
#: Which payouts have not left; one that is queued for something, or put off, waits for free.
PAYOUTS: LiteralString = """
select id from sagas where id = any(%s)
   and (state = 'draft' or state = 'queued' and data->>'queued_for' is null)"""
#: Payouts of a process on the way to their first call: their steps are local activities, which a
#: worker takes before the calls. Of too many, the steps are all done before the first call is
#: begun, and the server, which hears nothing of calls for ten seconds, gives them up as unknown.
PAYOUTS_AT_ONCE = 40


class Pace:
    """What was started and whose first call has not left; forgotten after `patience` s.

    `not_left`: the query for those of them. Forgetting keeps runs that are stuck from holding up
    all others.
    """

    def __init__(
        self,
        not_left: LiteralString,
        *,
        most: int = 100,
        patience: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._not_left = not_left
        self._most = most
        self._patience = patience
        self._clock = clock
        self._waiting: dict[UUID, float] = {}

    @property
    def room(self) -> int:
        """How many more may be started."""
        return max(self._most - len(self._waiting), 0)

    @property
    def idle(self) -> bool:
        """True when nothing is watched."""
        return not self._waiting

    def begun(self, begins_with: UUID) -> None:
        """A run that begins with this attempt, or is this loan's, is about to be started."""
        self._waiting[begins_with] = self._clock()

    async def look(self, connection: Connection) -> None:
        """Learn whose call has left. `connection` is the system role's."""
        watched = list(self._waiting)
        rows = await (await connection.execute(self._not_left, [watched])).fetchall()
        still = {row["id"] for row in rows}
        horizon = self._clock() - self._patience
        for one in watched:  # another look may have forgotten it meanwhile
            if one not in still or self._waiting.get(one, horizon) < horizon:
                self._waiting.pop(one, None)
