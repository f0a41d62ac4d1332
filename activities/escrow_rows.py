"""The SQL of escrows, on a connection whose scope is set.

Whoever decides about an escrow's money holds its saga's row first: proof, confirmation, refund,
dispute and timer are decided one after the other, and no more can be taken than was paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

#: Two people gave a part to the payer, its refund failed, and nobody has decided since.
_OWED_BACK = """exists (
    select from escrow_parts w where w.saga_id = s.id and w.returned and w.by = 'dispute'
       and not exists (select from escrow_disputes l
         where l.saga_id = s.id and l.decided_at > w.created_at)) as owed_back"""
_LOCK = "select id from sagas where id = %s and kind = 'escrow' for no key update"
_READ = f"""
select s.*, e.funded, e.taken, e.payment_id, e.checkout_id, exists (
    select from escrow_disputes d where d.saga_id = s.id and d.decided_at is null) as disputed,
       {_OWED_BACK}
  from sagas s join escrows e on e.saga_id = s.id
 where s.id = %s and s.kind = 'escrow'"""
_TAKE = """
with room as (
  update escrows set taken = taken + %(amount)s
   where saga_id = %(saga)s and funded - taken >= %(amount)s returning org_id, livemode)
insert into escrow_parts (saga_id, number, org_id, livemode, kind, amount, by, actor, note_sealed,
  refund_id)
select %(saga)s, 1 + (select coalesce(max(number), 0) from escrow_parts where saga_id = %(saga)s),
  org_id, livemode, %(kind)s, %(amount)s, %(by)s, %(actor)s, %(note)s, %(refund)s from room
returning number"""
_FUND = """
update escrows e set funded = p.amount_received from payments p
 where e.saga_id = %s and p.id = e.payment_id and p.status = 'succeeded' and e.funded = 0"""
_RETURN = """
with failed as (
  update escrow_parts x set returned = true from sagas r
   where x.saga_id = %(saga)s and r.id = x.refund_id and not x.returned
     and r.state in ('failed','canceled') returning x.amount)
update escrows set taken = taken - (select coalesce(sum(amount), 0) from failed)
 where saga_id = %(saga)s"""
_LOOK = f"""
select s.state, s.data, s.currency, e.funded, e.taken, c.state as checkout_state,
       x.number, x.amount, r.refunded, r.refunding, {_OWED_BACK}, d.disputed, d.frozen
  from sagas s join escrows e on e.saga_id = s.id join checkouts c on c.id = e.checkout_id
  left join lateral (
    select number, amount from escrow_parts where saga_id = s.id and kind = 'release'
       and number > coalesce((s.data->>'parts_carried')::int, 0) order by number limit 1) x on true
  cross join lateral (
    select coalesce(sum(y.amount) filter (
             where y.kind = 'takeback' or f.state = 'succeeded'), 0)::bigint as refunded,
           coalesce(sum(y.amount) filter (
             where f.state <> 'succeeded' and not y.returned), 0)::bigint as refunding
      from escrow_parts y left join sagas f on f.id = y.refund_id where y.saga_id = s.id) r
  cross join lateral (
    select coalesce(bool_or(decided_at is null), false) as disputed,
           coalesce(extract(epoch from sum(decided_at - opened_at)), 0)::float as frozen
      from escrow_disputes where saga_id = s.id) d
 where s.id = %s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A part that is to leave an escrow. `note`: sealed; `refund`: what carries it back."""

    kind: str
    amount: int
    by: str
    actor: str
    note: bytes | None = None
    refund: UUID | None = None

    def kept(self, *, note: bytes | None, refund: UUID | None) -> "Taking":
        """The same, with what is kept of it."""
        return replace(self, note=note, refund=refund)


async def locked(connection: "Connection", saga: UUID) -> "Row | None":
    """The escrow, held until the transaction ends; None when it is not the caller's.

    It is read by a statement of its own: one that waits for a lock sees the other tables as they
    were before it waited.
    """
    await connection.execute(_LOCK, [saga])
    return await read(connection, saga)


async def read(connection: "Connection", saga: UUID) -> "Row | None":
    """The escrow as it stands, which may change at once."""
    return await (await connection.execute(_READ, [saga])).fetchone()


async def take(connection: "Connection", saga: UUID, taking: Taking) -> int | None:
    """The number of the part; None when less is left."""
    fields = {
        "saga": saga,
        "kind": taking.kind,
        "amount": taking.amount,
        "by": taking.by,
        "actor": taking.actor,
        "note": taking.note,
        "refund": taking.refund,
    }
    row = await (await connection.execute(_TAKE, fields)).fetchone()
    return row["number"] if row else None


async def fund(connection: "Connection", saga: UUID) -> None:
    """Write down what its payment brought, once that has succeeded."""
    await connection.execute(_FUND, [saga])


async def settle(connection: "Connection", saga: UUID) -> None:
    """Write down what its payment and its refunds did."""
    await fund(connection, saga)
    await connection.execute(_RETURN, {"saga": saga})


async def followed(connection: "Connection", saga: UUID) -> "Row | None":
    """Where it stands, once what happened is written down."""
    return await (await connection.execute(_LOOK, [saga])).fetchone()
