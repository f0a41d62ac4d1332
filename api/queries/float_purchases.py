"""What buying float reads and writes besides the saga itself, in the caller's scope."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from runtime.database import Connection

Row = Mapping[str, Any]

_ALONE = "select pg_advisory_xact_lock(hashtextextended('float/' || %s::text, 0))"
_SHORT_CODE = "select short_code from credentials where kind = 'mpesa_b2c' and usable"
_OPEN = "select id from sagas where kind = 'float_purchase' and claim = %s"
#: What may still cost money, or has.
_SPENT = """
select coalesce(sum(amount), 0)::bigint as spent from sagas
 where kind = 'float_purchase' and currency = %s and created_at > now() - interval '1 day'
   and state not in ('expired','rejected','canceled','insufficient','transfer_refused','returned')
"""
_LOCKED = "select * from sagas where id = %s and kind = 'float_purchase' for no key update"
_SHOW = "update sagas set data = data || %s::jsonb, updated_at = now() where id = %s returning *"


async def one_at_a_time(connection: Connection, org: UUID) -> None:
    """Caps hold only when nobody counts at the same time."""
    await connection.execute(_ALONE, [org])


async def short_code(connection: Connection) -> str | None:
    """The short code the partner pays loans from."""
    row = await (await connection.execute(_SHORT_CODE)).fetchone()
    return row["short_code"] if row else None


async def open_purchase(connection: Connection, code: str) -> UUID | None:
    """The purchase that holds a short code, as far as the caller may see."""
    row = await (await connection.execute(_OPEN, [code])).fetchone()
    return row["id"] if row else None


async def spent_within_a_day(connection: Connection, currency: str) -> int:
    """Minor units of float bought, or being bought."""
    row = await (await connection.execute(_SPENT, [currency])).fetchone()
    return int(row["spent"]) if row else 0


async def locked(connection: Connection, purchase: UUID) -> Row | None:
    """The purchase, held until the transaction ends."""
    return await (await connection.execute(_LOCKED, [purchase])).fetchone()


async def show(connection: Connection, purchase: UUID, members: str) -> Row:
    """The row with these members (JSON) shown."""
    row = await (await connection.execute(_SHOW, [members, purchase])).fetchone()
    if row is None:
        raise RuntimeError("the row was locked a moment ago")
    return row
