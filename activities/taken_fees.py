"""Our fee of what was taken back, where a refund that ended unpaid had claimed to give it back.

A refund counts as giving its part of the fee back from its acceptance on; a takeback that comes
meanwhile gives back the rest alone. When that refund ends unpaid, the difference is due.
"""

from typing import TYPE_CHECKING

from activities import refund_sources as sources
from models import ids
from models.money import Money
from models.refund import RefundState
from models.refund_postings import TakenFeeReturned
from models.saga import SagaKind, SagaStep

if TYPE_CHECKING:
    from runtime.database import Connection

_UNPAID: frozenset[str] = frozenset({RefundState.FAILED, RefundState.CANCELED})
#: The payment's row is held by now: the end of the refund counts there.
_TAKEN_BACK = """
select p.*, a.id as attempt_id from refund_reservations r join payments p on p.id = r.payment_id
  join attempts a on a.payment_id = p.id and a.state in ('succeeded','reversed')
 where r.refund_id = %s and r.fee_net + r.fee_tax > 0 and p.amount_taken_back > 0
 order by a.state = 'succeeded' desc, a.number limit 1"""
_ADD = """
update payment_takebacks set fee_net = fee_net + %s, fee_tax = fee_tax + %s where id = (
  select id from payment_takebacks where payment_id = %s order by at desc, id desc limit 1)"""


async def due(connection: "Connection", step: SagaStep) -> TakenFeeReturned | None:
    """What this end of a refund makes due, written down with the takeback; it is to be booked.

    Ask after the step's move is written: its reservation counts no more then.
    """
    if step.saga.kind is not SagaKind.REFUND or step.to not in _UNPAID:
        return None
    refund = ids.parsed(ids.REFUND, step.saga.id)
    row = await (await connection.execute(_TAKEN_BACK, [refund])).fetchone()
    if row is None:
        return None
    fee = await sources.fee_of_taken(connection, row, Money(0, row["currency"]))
    if not fee.total.minor:
        return None
    await connection.execute(_ADD, [fee.net.minor, fee.tax.minor, row["id"]])
    return TakenFeeReturned(refund_id=step.saga.id, fee=fee)
