"""The SQL of batches and their rows, in the organisation's scope."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from activities.cooling import free_at
from models.payout_batch import Tally, tally_of

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

#: Days within which the same amount to the same beneficiary looks like a duplicate.
RECENT_DAYS = 3
#: Columns of a new row, with their types.
_NEW = {
    "id": "uuid",
    "line": "int",
    "state": "text",
    "amount": "bigint",
    "currency": "text",
    "method": "text",
    "reference": "text",
    "payee_masked": "text",
    "payee_lookup": "bytea",
    "payee_sealed": "bytea",
    "reason": "text",
}
_ADD = f"""
insert into payout_rows (batch_id, org_id, livemode, {", ".join(_NEW)})
select %(batch)s, app_org(), app_mode(), u.*
  from unnest({", ".join(f"%({name})s::{kind}[]" for name, kind in _NEW.items())}) as u
on conflict (batch_id, line) do nothing"""
_LAST = "select coalesce(max(line), 0) as line from payout_rows where batch_id = %s"
_FILE = "select * from payout_files where batch_id = %s"
_TALLY = """
select state, count(*)::int as rows, coalesce(sum(amount), 0)::bigint as amount
  from payout_rows where batch_id = %s group by state"""
_UNDER_WAY = """
select count(*)::int as rows from payout_rows where batch_id = %s and state = 'under_way'"""
_SUMS = """
select method, sum(amount)::bigint as amount from payout_rows
 where batch_id = %s and state in ('ready','held_duplicate') group by method"""
#: A repeat within the file: the first stands, what follows is held.
_TWINS = """
update payout_rows r set state = 'held_duplicate', updated_at = now(), held_for = t.held_for,
  like_line = t.like_line
  from (select id,
          case when reference is not null and line > min(line) over by_reference
            then 'same_reference' else 'same_payee' end as held_for,
          case when reference is not null and line > min(line) over by_reference
            then min(line) over by_reference else min(line) over by_payee end as like_line,
          line > min(line) over by_payee
            or (reference is not null and line > min(line) over by_reference) as repeats
          from payout_rows where batch_id = %(batch)s and state = 'ready'
          window by_payee as (partition by payee_lookup, amount),
            by_reference as (partition by reference)) t
 where t.id = r.id and t.repeats"""
_REFERENCES = """
update payout_rows r set state = 'held_duplicate', updated_at = now(),
  held_for = 'same_reference', like_payout = s.id
  from sagas s where r.batch_id = %(batch)s and r.state = 'ready'
   and s.org_id = app_org() and s.livemode = app_mode() and s.kind = 'payout'
   and s.reference = r.reference"""
_PAYEES = """
update payout_rows r set state = 'held_duplicate', updated_at = now(), held_for = 'same_payee',
  like_payout = s.id
  from payees p join sagas s on s.id = p.saga_id
 where r.batch_id = %(batch)s and r.state = 'ready'
   and p.org_id = app_org() and p.livemode = app_mode() and p.payee_lookup = r.payee_lookup
   and p.created_at > now() - make_interval(days => %(days)s)
   and s.amount = r.amount and s.currency = r.currency and s.state not in ('failed','canceled')"""
#: Rows of other batches that wait: the same file sent twice is held whole. Asked row by row: as a
#: join, a table nobody has analysed yet is read once per row (92 s for 10,000 rows).
_OTHERS = """
update payout_rows r set state = 'held_duplicate', updated_at = now(), held_for = t.held_for
  from (select w.id,
          (select case when o.reference = w.reference then 'same_reference' else 'same_payee' end
             from payout_rows o
            where o.org_id = app_org() and o.livemode = app_mode()
              and o.state in ('ready','held_duplicate') and o.payee_lookup = w.payee_lookup
              and o.amount = w.amount and o.currency = w.currency and o.batch_id <> w.batch_id
              and o.created_at > now() - make_interval(days => %(days)s)
            limit 1) as held_for
          from payout_rows w where w.batch_id = %(batch)s and w.state = 'ready') t
 where t.id = r.id and t.held_for is not null"""
_DROP = """
update payout_rows set state = 'canceled', updated_at = now()
 where batch_id = %s and state in ('ready','held_duplicate')"""
#: Who still cools off is passed over and stays a row: a payout that waits for tomorrow would keep
#: others out of the window, or leave with all of them at once.
_NEXT = f"""
select * from payout_rows r where r.batch_id = %s and r.state = 'ready'
   and coalesce({free_at("r.payee_lookup")} <= now(), true)
 order by r.line limit %s"""
_WAITS = """
select exists (select from payout_rows where batch_id = %s and state = 'ready') as waits"""
_TAKEN = """
select reference from sagas
 where org_id = app_org() and livemode = app_mode() and kind = 'payout' and reference = any(%s)"""
_MOVED = """
update payout_rows r set state = u.state, payout_id = u.payout,
  held_for = coalesce(u.held_for, r.held_for),
  reason = u.reason, updated_at = now()
  from unnest(%(id)s::uuid[], %(state)s::text[], %(payout)s::uuid[], %(held_for)s::text[],
    %(reason)s::text[]) as u (id, state, payout, held_for, reason)
 where r.id = u.id and r.state = 'ready'"""
_SETTLE = """
update payout_rows r set updated_at = now(), reason = s.data->>'failure',
  state = case when s.state = 'reversed' then 'returned' else s.state end
  from sagas s where r.batch_id = %s and r.state = 'under_way' and s.id = r.payout_id
   and s.state in ('paid','failed','canceled','returned','reversed')"""
#: Payouts of the batch of which nothing has left.
_UNSENT = """
select s.id from payout_rows r join sagas s on s.id = r.payout_id
 where r.batch_id = %s and r.state = 'under_way'
   and s.state in ('draft','requires_approval','scheduled','queued')"""
_STATE = "select state from sagas where id = %s for no key update"


async def file_of(connection: "Connection", batch: UUID) -> "Row":
    """The file as it came, sealed."""
    row = await (await connection.execute(_FILE, [batch])).fetchone()
    if row is None:
        raise LookupError("the batch has no file")
    return row


async def last_line(connection: "Connection", batch: UUID) -> int:
    """How far the file was read before."""
    row = await (await connection.execute(_LAST, [batch])).fetchone()
    return int(row["line"]) if row else 0


async def add(connection: "Connection", batch: UUID, rows: Sequence["Row"]) -> None:
    """Add rows; a line that is there stays as it is."""
    columns = {name: [row.get(name) for row in rows] for name in _NEW}
    await connection.execute(_ADD, {"batch": batch, **columns})


async def hold_duplicates(connection: "Connection", batch: UUID) -> None:
    """Hold every row that looks like another: of the file, of another batch, of a payout.

    Each statement sees what is committed when it begins, and another batch hands over meanwhile.
    Its rows become payouts and never wait again: what is no longer seen waiting is a payout when
    payouts are looked through after that, and not before. Of two batches screened at once, whose
    rows were kept later sees all rows of the other; no lock is needed, and both may be held.
    """
    values = {"batch": batch, "days": RECENT_DAYS}
    for statement in (_TWINS, _OTHERS, _REFERENCES, _PAYEES):
        await connection.execute(statement, values)


async def tally(connection: "Connection", batch: UUID) -> Tally:
    """How its rows stand: one query however many there are."""
    return tally_of(await (await connection.execute(_TALLY, [batch])).fetchall())


async def under_way(connection: "Connection", batch: UUID) -> int:
    """How many rows are payouts that have not ended: never more than the window."""
    row = await (await connection.execute(_UNDER_WAY, [batch])).fetchone()
    return int(row["rows"]) if row else 0


async def sums(connection: "Connection", batch: UUID) -> Mapping[str, int]:
    """What would go by each rail, in minor units."""
    rows = await (await connection.execute(_SUMS, [batch])).fetchall()
    return {row["method"]: row["amount"] for row in rows}


async def drop_waiting(connection: "Connection", batch: UUID) -> None:
    """Cancel every row of which no payout was made."""
    await connection.execute(_DROP, [batch])


async def unsent(connection: "Connection", batch: UUID) -> Sequence[UUID]:
    """The payouts that can still be taken back."""
    rows = await (await connection.execute(_UNSENT, [batch])).fetchall()
    return [row["id"] for row in rows]


async def waits(connection: "Connection", batch: UUID) -> bool:
    """Whether a row of it is to be paid, now or once its payee has cooled off."""
    row = await (await connection.execute(_WAITS, [batch])).fetchone()
    return row is not None and bool(row["waits"])


async def next_rows(connection: "Connection", batch: UUID, most: int) -> Sequence["Row"]:
    """The next rows to pay: whose payees have cooled off."""
    return await (await connection.execute(_NEXT, [batch, most])).fetchall()


async def taken(connection: "Connection", references: Sequence[str]) -> frozenset[str]:
    """The references that are a payout's."""
    rows = await (await connection.execute(_TAKEN, [list(references)])).fetchall()
    return frozenset(row["reference"] for row in rows)


async def move(connection: "Connection", moves: Sequence["Row"]) -> None:
    """Bring rows that were ready to where they are now."""
    names = ("id", "state", "payout", "held_for", "reason")
    await connection.execute(_MOVED, {name: [one.get(name) for one in moves] for name in names})


async def settle(connection: "Connection", batch: UUID) -> None:
    """Rows whose payouts have ended end with them."""
    await connection.execute(_SETTLE, [batch])


async def state(connection: "Connection", batch: UUID) -> str:
    """Where the batch stands; held until the transaction ends."""
    row = await (await connection.execute(_STATE, [batch])).fetchone()
    if row is None:
        raise LookupError("the batch is not there")
    return str(row["state"])
