"""Cooling off: a payee nobody was paid before waits a while. Time to notice a stolen key."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from runtime.database import Connection

#: Hours, unless the house set others for the organisation. Test money waits for nothing.
LIVE_HOURS, TEST_HOURS = 24, 0

_SEEN = """
insert into beneficiaries (org_id, livemode, lookup) values (%s, %s, %s) on conflict do nothing"""
_FREE = """
select b.first_seen + make_interval(hours => coalesce(c.hours, %s)) as free
  from beneficiaries b left join cooling_off c on c.org_id = b.org_id and c.livemode = b.livemode
 where b.lookup = %s"""


async def free_from(
    connection: "Connection", org: UUID, *, livemode: bool, lookup: bytes
) -> datetime:
    """From when the payee may be paid; remembers one that was never seen.

    `lookup`: the HMAC of the wallet or account. Runs in the organisation's scope.
    """
    hours = LIVE_HOURS if livemode else TEST_HOURS
    await connection.execute(_SEEN, [org, livemode, lookup])
    row = await (await connection.execute(_FREE, [hours, lookup])).fetchone()
    if row is None:
        raise RuntimeError("the payee was written a moment ago")
    free: datetime = row["free"]
    return free
