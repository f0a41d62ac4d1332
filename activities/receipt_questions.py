"""Questions about receipts as their rows have them: who may ask with a pay bill's initiator."""

from typing import TYPE_CHECKING
from uuid import UUID

from models import ids
from models.collection_confirmation import ConfirmOrder
from models.reading import Reading
from models.receipt_question import LIVELY, Standing, Turn, refuses_initiator, turn
from models.saga import SagaRef

if TYPE_CHECKING:
    from runtime.database import Connection, Database

# Two that look at the same moment would both ask.
_ALONE = """
select pg_advisory_xact_lock(hashtextextended(concat('receipts/', app_org(), app_mode()), 0))"""
_STANDING = """
with lately as (
  select *, answered_at is null and asked_at > clock_timestamp() - %(patience)s * interval '1 s'
    as is_out from receipt_questions where asked_at > now() - interval '1 day'),
last as (select max(answered_at) as at from lately where not refused)
select exists (
    select 1 from receipt_questions q, credentials c
     where q.refused and c.kind = 'mpesa_c2b'
       and q.answered_at > coalesce(c.checked_at, c.created_at)) as shut,
  coalesce(bool_or(is_out and saga_id = %(saga)s), false) as own,
  count(*) filter (where is_out) as out,
  coalesce((select at from last) > clock_timestamp() - %(lively)s * interval '1 s', false) as live,
  count(*) filter (where answered_at is null
    and asked_at > coalesce((select at from last), '-infinity')) as silent,
  coalesce(extract(epoch from clock_timestamp() - max(asked_at)), 0)::float8 as since
  from lately"""
_ASK = """
insert into receipt_questions (saga_id, org_id, livemode) values (%s, app_org(), app_mode())
on conflict (saga_id) do update set asked_at = clock_timestamp(), answered_at = null,
  refused = false"""
_UNSENT = "delete from receipt_questions where saga_id = %s and answered_at is null"
_TOLD = """
update receipt_questions set answered_at = clock_timestamp(), refused = %s
 where saga_id = %s and answered_at is null"""


class ReceiptQuestions:
    """One row per collection that asks."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    async def claim(self, order: ConfirmOrder) -> Turn:
        """Write down that it is asked now, where that is its turn.

        A question that was written is its collection's until the answer, or for its patience:
        run again, nothing is asked twice.
        """
        org, saga = _whose(order.saga)
        async with self._database.scoped(org, order.saga.livemode) as connection:
            await connection.execute(_ALONE)
            whose = turn(await _standing(connection, saga, order.patience), order.patience)
            if whose is Turn.ASK:
                await connection.execute(_ASK, [saga])
        return whose

    async def unsent(self, ref: SagaRef) -> None:
        """M-Pesa was not asked after all."""
        org, saga = _whose(ref)
        async with self._database.scoped(org, ref.livemode) as connection:
            await connection.execute(_UNSENT, [saga])

    async def told(self, org: UUID, saga: UUID, reading: Reading, *, livemode: bool) -> None:
        """Keep what an answer says of the initiator, where it says anything."""
        refused = refuses_initiator(reading)
        if refused is None:
            return
        async with self._database.scoped(org, livemode) as connection:
            await connection.execute(_TOLD, [refused, saga])


async def _standing(connection: "Connection", saga: UUID, patience: float) -> Standing:
    values = {"saga": saga, "patience": patience, "lively": LIVELY}
    row = await (await connection.execute(_STANDING, values)).fetchone()
    if row is None:
        raise RuntimeError("a count is one row")
    return Standing(**row)


def _whose(saga: SagaRef) -> tuple[UUID, UUID]:
    return ids.parsed(ids.ORG, saga.org_id), ids.parsed(ids.COLLECTION, saga.id)
