"""What batches read and write besides the saga itself, in the caller's scope."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from api.queries.pages import Page
from runtime.database import Connection

Row = Mapping[str, Any]

_FILE = """
insert into payout_files (batch_id, org_id, livemode, format, size, digest, content_sealed)
values (%(batch)s, app_org(), app_mode(), %(format)s, %(size)s, %(digest)s, %(sealed)s)"""
_COUNTS = """
select state, count(*)::int as rows, coalesce(sum(amount), 0)::bigint as amount
  from payout_rows where batch_id = %s group by state order by state"""
_WRONG = """
select line, reason, payee_sealed from payout_rows
 where batch_id = %s and line > %s and state = 'invalid' order by line limit %s"""
#: A cursor names a row: the page begins after its line.
_ROWS = """
select * from payout_rows where batch_id = %(batch)s
   and (%(state)s::text is null or state = %(state)s)
   and line > coalesce((select line from payout_rows where id = %(after)s), 0)
 order by line limit %(most)s"""
#: The payout's own state and receipt: a bounce after the batch has ended shows here too.
_RESULTS = """
select r.*, s.state as payout_state, n.receipt, n.provider_reference
  from payout_rows r left join sagas s on s.id = r.payout_id
  left join lateral (select receipt, provider_reference from instructions
    where saga_id = r.payout_id order by number desc limit 1) n on true
 where r.batch_id = %s and r.line > %s order by r.line limit %s"""
#: Money of a row that was released is paid; one that was skipped never is.
_DECIDE = """
update payout_rows set state = %(state)s, updated_at = now(),
  released_by = case when %(state)s = 'ready' then %(actor)s end,
  reason = case when %(state)s = 'skipped' then 'skipped by ' || %(actor)s end
 where batch_id = %(batch)s and state = 'held_duplicate'
   and (%(rows)s::uuid[] is null or id = any(%(rows)s)) returning id"""


async def keep_file(connection: Connection, batch: UUID, file: Row) -> None:
    """Keep the file, sealed, beside its batch."""
    await connection.execute(_FILE, {"batch": batch, **file})


async def counts(connection: Connection, batch: UUID) -> dict[str, dict[str, int]]:
    """How its rows stand now: by state, how many and what they come to."""
    rows = await (await connection.execute(_COUNTS, [batch])).fetchall()
    return {row["state"]: {"rows": row["rows"], "amount": row["amount"]} for row in rows}


async def rows(
    connection: Connection, batch: UUID, *, state: str | None, after: UUID | None, limit: int
) -> Page:
    """A page of its rows, in the order of the file."""
    values = {"batch": batch, "state": state, "after": after, "most": limit + 1}
    found = await (await connection.execute(_ROWS, values)).fetchall()
    return Page(rows=found[:limit], has_more=len(found) > limit)


async def wrong_rows(connection: Connection, batch: UUID, after: int, most: int) -> Sequence[Row]:
    """Rows that cannot be paid, in the order of the file."""
    return await (await connection.execute(_WRONG, [batch, after, most])).fetchall()


async def results(connection: Connection, batch: UUID, after: int, most: int) -> Sequence[Row]:
    """Every row with what became of it, in the order of the file."""
    return await (await connection.execute(_RESULTS, [batch, after, most])).fetchall()


async def decide(
    connection: Connection, batch: UUID, *, state: str, actor: str, rows: Sequence[UUID] | None
) -> int:
    """Release or skip rows that are held, all of them where none is named; how many it were."""
    values = {"batch": batch, "state": state, "actor": actor, "rows": rows}
    return len(await (await connection.execute(_DECIDE, values)).fetchall())
