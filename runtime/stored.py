"""Rows of the inbox that wait, handed on one by one and marked in batches."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from runtime.database import Database
from runtime.dispatch import Dispatcher


async def hand_on(
    dispatcher: Dispatcher,
    database: Database,
    waiting: str,
    row_ids: Sequence[UUID],
    deliver: Callable[[Mapping[str, Any]], Awaitable[str | None]],
) -> None:
    """Deliver each row the query still finds waiting, and mark it with what came of it.

    Raises RPCError when Temporal cannot be reached: the rest stays for the relay.
    """
    async with database.system() as connection:
        rows = await (await connection.execute(waiting, [list(row_ids)])).fetchall()
    for row in rows:
        outcome = await deliver(row)
        if outcome:
            dispatcher.delivered(row["id"], outcome)
