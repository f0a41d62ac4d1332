"""What is written, running, booked and received: read once, judged by the invariants."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from cli.sweep import queries
from cli.sweep.driven import Driven
from cli.sweep.world import World
from models import ids

Row = Mapping[str, Any]
_PATIENCE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Rows of the payments in question; `books` and `received` hold everything there is.

    `runs`: status of each workflow by id, NONE when Temporal knows none. `rings`: how often
    each phone may have rung.
    """

    payments: Sequence[Row]
    attempts: Sequence[Row] = ()
    bookings: Sequence[Row] = ()
    transitions: Sequence[Row] = ()
    events: Sequence[Row] = ()
    deliveries: Sequence[Row] = ()
    starts: Sequence[Row] = ()
    inbox: Sequence[Row] = ()
    cases: Sequence[Row] = ()
    runs: Mapping[str, str] = field(default_factory=dict)
    books: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    received: Sequence[Row] = ()
    rings: Mapping[tuple[str, str], int] = field(default_factory=dict)


async def gather(world: World, driven: Sequence[Driven]) -> Facts:
    """Read everything about these checkouts.

    Raises psycopg, httpx or RPC errors while something is down: ask again.
    """
    books, received = await world.books(), await world.received()
    which = {
        "rows": [ids.parsed(ids.PAYMENT, one.payment_id) for one in driven],
        "names": [one.payment_id for one in driven],
        "sessions": [one.checkout_id for one in driven],
    }
    async with world.reading() as connection:
        rows = {
            name: await (await connection.execute(query, which)).fetchall()
            for name, query in queries.OF_PAYMENTS.items()
        }
    return Facts(
        **rows,
        runs=await runs(world.client, _workflows(rows)),
        books=books,
        received=received,
        rings=_rings(world.driven),
    )


def _workflows(rows: Mapping[str, Sequence[Row]]) -> list[str]:
    strays = [f"stray/{row['digest']}" for row in rows["inbox"] if row["outcome"] == "stray"]
    return [row["id"] for row in rows["starts"]] + strays


async def runs(client: Client, names: Sequence[str]) -> dict[str, str]:
    """Status of each workflow by id."""
    gate = asyncio.Semaphore(16)

    async def status(name: str) -> str:
        async with gate:
            return await _status(client, name)

    return dict(zip(names, await asyncio.gather(*map(status, names)), strict=True))


async def _status(client: Client, name: str) -> str:
    try:
        described = await client.get_workflow_handle(name).describe(rpc_timeout=_PATIENCE)
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return "NONE"
        raise
    return described.status.name if described.status else "NONE"


def _rings(driven: Sequence[Driven]) -> dict[tuple[str, str], int]:
    rings: dict[tuple[str, str], int] = {}
    for one in driven:
        line = (one.cell.provider, one.phone)
        rings[line] = rings.get(line, 0) + 1
    return rings
