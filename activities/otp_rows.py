"""The SQL of one-time codes, in the partner's scope. The row decides who was first."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from models import ids

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

_ISSUE = """
insert into otps (id, org_id, livemode, saga_id, number, digest, expires_at)
values (%(id)s, %(org)s, %(livemode)s, %(saga)s, %(number)s, %(digest)s,
  now() + make_interval(secs => %(life)s)) returning *"""
#: Counted before anybody compares: of any number of guesses at once, five get a row.
_TRY = """
update otps set tries = tries + 1 where saga_id = %s and spent_at is null and voided_at is null
   and expires_at > now() and tries < %s returning *"""
_SPEND = """
update otps set spent_at = now() where id = %s and spent_at is null and voided_at is null
returning id"""
_VOID = """
update otps set voided_at = now() where saga_id = %s and spent_at is null and voided_at is null
returning id"""
_OVER = """
update otps set voided_at = now() where saga_id = %s and spent_at is null and voided_at is null
   and expires_at <= now()"""
_LATEST = """
select *, expires_at > now() as live,
       extract(epoch from now() - created_at)::float8 as age from otps
 where saga_id = %s order by number desc limit 1"""
_SENT = "select count(*) as sent from otps where created_at > now() - interval '1 hour'"


async def issue(
    connection: "Connection", saga: "Row", *, number: int, digest: bytes, life: float
) -> "Row":
    """A new code of a purchase. UniqueViolation while another is open."""
    values = {
        "id": ids.uuid7(),
        "org": saga["org_id"],
        "livemode": saga["livemode"],
        "saga": saga["id"],
        "number": number,
        "digest": digest,
        "life": life,
    }
    row = await (await connection.execute(_ISSUE, values)).fetchone()
    if row is None:
        raise RuntimeError("an insert returns its row")
    return row


async def count_try(connection: "Connection", saga: UUID, *, most: int) -> "Row | None":
    """Count one guess; the code's row for whoever may compare, None for everybody else."""
    return await (await connection.execute(_TRY, [saga, most])).fetchone()


async def spend(connection: "Connection", code: UUID) -> bool:
    """Use it up; False when somebody else did, or it was taken back."""
    return await (await connection.execute(_SPEND, [code])).fetchone() is not None


async def void(connection: "Connection", saga: UUID) -> bool:
    """Take the open code back; False when there is none."""
    return await (await connection.execute(_VOID, [saga])).fetchone() is not None


async def void_if_over(connection: "Connection", saga: UUID) -> None:
    """Take the code back if its time is over."""
    await connection.execute(_OVER, [saga])


async def latest(connection: "Connection", saga: UUID) -> "Row | None":
    """The purchase's latest code; `live` and `age` (seconds) by the database's clock."""
    return await (await connection.execute(_LATEST, [saga])).fetchone()


async def sent_within_the_hour(connection: "Connection") -> int:
    """How many codes the organisation has sent."""
    row = await (await connection.execute(_SENT)).fetchone()
    return int(row["sent"]) if row else 0
