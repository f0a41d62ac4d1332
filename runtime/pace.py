"""How fast accepted checkouts are started: no faster than their first prompts leave.

Starting is cheap and carrying a run on is not. Started without measure, a burst has thousands of
runs waiting for each other: callbacks are heard late, questions are asked that a callback had
answered, and what falls out of the worker's cache is replayed. An accepted row waits for free.
"""

import time
from collections.abc import Callable
from uuid import UUID

from runtime.database import Connection

_NOT_SENT = "select id from attempts where id = any(%s) and state = 'created'"


class Pace:
    """Attempts that were started and whose prompt has not left; forgotten after `patience` s.

    Forgetting keeps runs that are stuck from holding up all others.
    """

    def __init__(
        self,
        *,
        most: int = 100,
        patience: float = 10.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._patience = patience
        self._clock = clock
        self._waiting: dict[UUID, float] = {}

    @property
    def room(self) -> bool:
        """True while another may be started."""
        return len(self._waiting) < self._most

    @property
    def idle(self) -> bool:
        """True when no attempt is watched."""
        return not self._waiting

    def begun(self, attempt_id: UUID) -> None:
        """An attempt is about to be started."""
        self._waiting[attempt_id] = self._clock()

    async def look(self, connection: Connection) -> None:
        """Learn whose prompt has left. `connection` is the system role's."""
        watched = list(self._waiting)
        rows = await (await connection.execute(_NOT_SENT, [watched])).fetchall()
        still = {row["id"] for row in rows}
        horizon = self._clock() - self._patience
        for attempt_id in watched:
            if attempt_id not in still or self._waiting[attempt_id] < horizon:
                del self._waiting[attempt_id]
