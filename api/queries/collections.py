"""Rules of a pay bill and what a reversal starts from, on a connection whose scope is set."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from models.collection_confirmation import Confirming
from models.collection_order import REVERSAL, UNDO
from models.moments import moment
from runtime.database import Connection, Database

Row = Mapping[str, Any]

_RULES = "select * from collection_rules where org_id = app_org() and livemode = app_mode()"
_SET = """
insert into collection_rules (org_id, livemode, reject_unmatched, minimum, maximum, confirm)
values (app_org(), app_mode(), %(reject_unmatched)s, %(minimum)s, %(maximum)s, %(confirm)s)
on conflict (org_id, livemode) do update set reject_unmatched = excluded.reject_unmatched,
  minimum = excluded.minimum, maximum = excluded.maximum, confirm = excluded.confirm,
  updated_at = now() returning *"""
_POSTED = "select * from sagas where id = %s and livemode = %s and kind = 'c2b_receipt'"
#: Each reversal leaves an instruction that has ended, or the collection reversed.
_ENDED = """
select count(*) as many from instructions where saga_id = %s and rail = %s
   and state in ('rejected','failed','not_received','succeeded')"""
_STARTED = "select count(*) as many from starts where id like %s and kind = %s"
_START = """
insert into starts (id, org_id, livemode, kind, payload_sealed, accepted_at)
values (%s, %s, %s, %s, %s, %s) on conflict do nothing returning id"""


async def rules(connection: Connection) -> Row | None:
    """The rules of the scope; None where none were set."""
    return await (await connection.execute(_RULES)).fetchone()


async def set_rules(
    connection: Connection,
    *,
    reject_unmatched: bool,
    minimum: int | None,
    maximum: int | None,
    confirm: Confirming,
) -> Row | None:
    """Set or change them."""
    values = {
        "reject_unmatched": reject_unmatched,
        "minimum": minimum,
        "maximum": maximum,
        "confirm": confirm,
    }
    return await (await connection.execute(_SET, values)).fetchone()


async def posted(database: Database, collection: UUID, *, livemode: bool) -> Row | None:
    """The collection, across organisations: operators."""
    async with database.system() as connection:
        return await (await connection.execute(_POSTED, [collection, livemode])).fetchone()


async def undoings(connection: Connection, collection: UUID, shown: str) -> tuple[int, bool]:
    """How many reversals were started, and whether one may still be at work."""
    ended = await (await connection.execute(_ENDED, [collection, UNDO])).fetchone()
    begun = await (await connection.execute(_STARTED, [f"{shown}/%", REVERSAL])).fetchone()
    if ended is None or begun is None:
        raise RuntimeError("a count has always a row")
    return int(begun["many"]), int(begun["many"]) > int(ended["many"])


async def start(
    connection: Connection, row: Row, workflow_id: str, sealed: bytes, at: datetime
) -> bool:
    """Accept a reversal; False when one of this number was accepted before."""
    values = [workflow_id, row["org_id"], row["livemode"], REVERSAL, sealed, at]
    return await (await connection.execute(_START, values)).fetchone() is not None


def rules_object(row: Row | None, *, livemode: bool) -> dict[str, Any]:
    """The rules as their partner sees them."""
    told = row or {}
    return {
        "object": "collection_rules",
        "reject_unmatched": bool(told.get("reject_unmatched")),
        "minimum": told.get("minimum"),
        "maximum": told.get("maximum"),
        "confirm": told.get("confirm", Confirming.QUERY),
        "registered_short_code": told.get("registered_short_code"),
        "registered_at": moment(told.get("registered_at")),
        "livemode": livemode,
    }
