"""Cooling off: a payee nobody was paid before waits a while. Time to notice a stolen key."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from runtime.database import Connection

#: Hours, unless the house set others for the organisation. Test money waits for nothing.
LIVE_HOURS, TEST_HOURS = 24, 0

_HOURS = f"""coalesce(
  (select hours from cooling_off where org_id = app_org() and livemode = app_mode()),
  case when app_mode() then {LIVE_HOURS} else {TEST_HOURS} end)"""
#: Since when the payee `b` is known. What was canceled or failed starts nothing: where no payout
#: stands, it is as old as the first row of a batch that waits for it, or new. Each state is asked
#: for by its key: as a join, a table nobody has analysed yet is read whole.
_SINCE = """case when exists (
    select from payees p
     where p.org_id = b.org_id and p.livemode = b.livemode and p.payee_lookup = b.lookup
       and (select s.state from sagas s where s.id = p.saga_id) not in ('failed','canceled'))
  then b.first_seen
  else greatest(b.first_seen, coalesce((
    select min(w.created_at) from payout_rows w
     where w.org_id = b.org_id and w.livemode = b.livemode and w.payee_lookup = b.lookup
       and w.state in ('ready','held_duplicate')
       and (select s.state from sagas s where s.id = w.batch_id)
         in ('requires_approval','running','paused')), now())) end"""


def free_at(lookup: str) -> str:
    """SQL for when a payee may be paid; null for one that was never seen.

    Never later than it is, and exact where that is over: who was first seen a moment ago is not
    looked for further. A question of its own for each payee, answered by index: as a join it
    would have all payees of an organisation read for a few of them.
    """
    return f"""(
select case when b.first_seen + make_interval(hours => {_HOURS}) > now() then b.first_seen
       else {_SINCE} end + make_interval(hours => {_HOURS})
  from beneficiaries b
 where b.org_id = app_org() and b.livemode = app_mode() and b.lookup = {lookup})"""


_SEEN = """
insert into beneficiaries (org_id, livemode, lookup) values (%s, %s, %s) on conflict do nothing"""
#: `offset 0`: told three times, looked for once.
_FREE = f"""
select since, since > first_seen as anew, since + make_interval(hours => {_HOURS}) as free
  from (select b.first_seen, {_SINCE} as since from beneficiaries b
         where b.org_id = app_org() and b.livemode = app_mode() and b.lookup = %s
        offset 0) as known"""
#: In one order everywhere: two batches with the same payees wait for each other one way only.
_SEEN_IN_BATCH = """
insert into beneficiaries (org_id, livemode, lookup)
select distinct app_org(), app_mode(), payee_lookup from payout_rows
 where batch_id = %s and state in ('ready','held_duplicate') order by payee_lookup
on conflict do nothing"""
_ANEW = "update beneficiaries set first_seen = %s where lookup = %s"


async def free_from(
    connection: "Connection", org: UUID, *, livemode: bool, lookup: bytes
) -> datetime:
    """From when the payee may be paid; remembers one that was never seen, or is new again.

    `lookup`: the HMAC of the wallet or account. Runs in the organisation's scope.
    """
    await connection.execute(_SEEN, [org, livemode, lookup])
    row = await (await connection.execute(_FREE, [lookup])).fetchone()
    if row is None:
        raise RuntimeError("the payee was written a moment ago")
    if row["anew"]:
        await connection.execute(_ANEW, [row["since"], lookup])
    free: datetime = row["free"]
    return free


async def see_batch(connection: "Connection", batch: UUID) -> None:
    """Remember every payee of the batch who may be paid: their time begins for all at once."""
    await connection.execute(_SEEN_IN_BATCH, [batch])
