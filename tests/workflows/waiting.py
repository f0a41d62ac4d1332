"""Waiting for what a workflow does meanwhile: as long as it takes on a busy machine."""

import asyncio
import time
from collections.abc import Callable

#: Seconds after which something hangs.
PATIENCE = 60.0
#: SQL: a row for everybody who waits for a lock in this database.
WAITS_FOR_A_LOCK = """
select 1 from pg_locks l join pg_stat_activity a on a.pid = l.pid
 where not l.granted and a.datname = current_database()"""


async def until(holds: Callable[[], bool], otherwise: Callable[[], str]) -> None:
    """Look again and again. AssertionError with what `otherwise` says when it hangs."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(otherwise())
        await asyncio.sleep(0.01)
