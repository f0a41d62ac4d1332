"""What escrows read and write besides their saga, in the caller's scope."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from runtime.database import Connection, Database

Row = Mapping[str, Any]

_KEEP = """
insert into escrows (saga_id, org_id, livemode, checkout_id, payment_id)
values (%(saga)s, %(org)s, %(livemode)s, %(checkout)s, %(payment)s)"""
_OF_SESSION = "update checkouts set escrow_id = %(saga)s where id = %(checkout)s"
_PARTS = """
select p.*, s.state as refund_state,
       p.number <= coalesce((e.data->>'parts_carried')::int, 0) as carried
  from escrow_parts p join sagas e on e.id = p.saga_id left join sagas s on s.id = p.refund_id
 where p.saga_id = %s order by p.number"""
_OPEN = """
insert into escrow_disputes (saga_id, number, org_id, livemode, opened_by, reason_sealed)
select %(saga)s, 1 + coalesce(max(number), 0), %(org)s, %(livemode)s, %(by)s, %(reason)s
  from escrow_disputes where saga_id = %(saga)s returning number"""
_DECIDE = """
update escrow_disputes set maker = %s, checker = %s, word_sealed = %s, decided_at = now()
 where saga_id = %s and decided_at is null returning number"""
_WHOSE = """
select s.org_id, s.livemode, o.name from sagas s join orgs o on o.id = s.org_id
 where s.id = %s and s.kind = 'escrow'"""


async def keep(connection: Connection, saga: Row, *, checkout: UUID, payment: UUID) -> None:
    """The escrow's own row, and its session's mark: what is paid there is kept here."""
    fields = {
        "saga": saga["id"],
        "org": saga["org_id"],
        "livemode": saga["livemode"],
        "checkout": checkout,
        "payment": payment,
    }
    await connection.execute(_KEEP, fields)
    await connection.execute(_OF_SESSION, fields)


async def parts(connection: Connection, saga: UUID) -> Sequence[Row]:
    """Every part that was decided, in order."""
    return await (await connection.execute(_PARTS, [saga])).fetchall()


async def open_dispute(connection: Connection, saga: Row, *, by: str, reason: bytes) -> int:
    """A dispute, its reason sealed; the row of its saga is held."""
    fields = {
        "saga": saga["id"],
        "org": saga["org_id"],
        "livemode": saga["livemode"],
        "by": by,
        "reason": reason,
    }
    row = await (await connection.execute(_OPEN, fields)).fetchone()
    return int(row["number"]) if row else 0


async def decide_dispute(
    connection: Connection, saga: UUID, *, maker: str, checker: str, word: bytes
) -> int | None:
    """Close the open dispute; None where there is none.

    psycopg raises CheckViolation (`escrow_disputes_by_two`) for one person alone.
    """
    fields = [maker, checker, word, saga]
    row = await (await connection.execute(_DECIDE, fields)).fetchone()
    return int(row["number"]) if row else None


async def whose(database: Database, saga: UUID) -> Row | None:
    """The organisation and mode of an escrow that is named by its link alone."""
    async with database.system() as connection:
        return await (await connection.execute(_WHOSE, [saga])).fetchone()
