"""Cooling off: a payee nobody was paid before waits a while. Time to notice a stolen key."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from runtime.database import Connection

#: Hours, unless the house set others for the organisation. Test money waits for nothing.
LIVE_HOURS, TEST_HOURS = 24, 0


def free_at(lookup: str) -> str:
    """SQL for when a payee may be paid; null for one that was never seen.

    A question of its own for each payee, answered by index: as a join it would have all payees
    of an organisation read for a few of them.
    """
    return f"""(
select b.first_seen + make_interval(hours => coalesce(
         (select hours from cooling_off where org_id = app_org() and livemode = app_mode()),
         case when app_mode() then {LIVE_HOURS} else {TEST_HOURS} end))
  from beneficiaries b
 where b.org_id = app_org() and b.livemode = app_mode() and b.lookup = {lookup})"""


_SEEN = """
insert into beneficiaries (org_id, livemode, lookup) values (%s, %s, %s) on conflict do nothing"""
_FREE = f"select {free_at('%s')} as free"
#: In one order everywhere: two batches with the same payees wait for each other one way only.
_SEEN_IN_BATCH = """
insert into beneficiaries (org_id, livemode, lookup)
select distinct app_org(), app_mode(), payee_lookup from payout_rows
 where batch_id = %s and state in ('ready','held_duplicate') order by payee_lookup
on conflict do nothing"""


async def free_from(
    connection: "Connection", org: UUID, *, livemode: bool, lookup: bytes
) -> datetime:
    """From when the payee may be paid; remembers one that was never seen.

    `lookup`: the HMAC of the wallet or account. Runs in the organisation's scope.
    """
    await connection.execute(_SEEN, [org, livemode, lookup])
    row = await (await connection.execute(_FREE, [lookup])).fetchone()
    if row is None or row["free"] is None:
        raise RuntimeError("the payee was written a moment ago")
    free: datetime = row["free"]
    return free


async def see_batch(connection: "Connection", batch: UUID) -> None:
    """Remember every payee of the batch who may be paid: their time begins for all at once."""
    await connection.execute(_SEEN_IN_BATCH, [batch])
