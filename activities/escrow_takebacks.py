"""What is taken back of a payment is taken first from what lies of it in its escrow.

Its payer has it: it is neither the merchant's nor to be given back once more, and no fee of ours
is taken on it.
"""

from typing import TYPE_CHECKING
from uuid import UUID

from activities import escrow_rows
from activities.escrow_rows import Taking
from models import ids
from models.escrow_postings import EscrowReleased
from models.fees import Fee
from models.money import Money
from models.saga import SagaKind
from models.saga_states import final

if TYPE_CHECKING:
    from runtime.database import Connection

_OF = "select saga_id from escrows where payment_id = %s"
#: Borne by the merchant, because a refund that has ended unpaid had the escrow's money then.
_UNCOVERED = """
select s.currency, least(e.funded - e.taken, p.amount_taken_back - (
    select coalesce(sum(amount), 0) from escrow_parts
     where saga_id = e.saga_id and kind = 'takeback'))::bigint as amount
  from escrows e join sagas s on s.id = e.saga_id join payments p on p.id = e.payment_id
 where e.saga_id = %s"""


async def held(connection: "Connection", payment_id: str) -> UUID | None:
    """The escrow that has the payment's money, its saga's row held; None where none has.

    Ask before the payment's row is held: whoever decides about an escrow holds them in that order.
    """
    payment = ids.parsed(ids.PAYMENT, payment_id)
    found = await (await connection.execute(_OF, [payment])).fetchone()
    row = await escrow_rows.locked(connection, found["saga_id"]) if found else None
    return None if row is None or final(SagaKind.ESCROW, row["state"]) else row["id"]


async def take(connection: "Connection", escrow: UUID, amount: Money, *, actor: str) -> Money:
    """As much of the amount as nobody has decided about leaves the escrow. Gives what did."""
    await escrow_rows.fund(connection, escrow)
    row = await escrow_rows.read(connection, escrow)
    left = row["funded"] - row["taken"] if row else 0
    part = Money(min(amount.minor, left), amount.currency)
    if part.minor:
        await _take(connection, escrow, part, actor)
    return part


async def cover(connection: "Connection", escrow: UUID) -> EscrowReleased | None:
    """What came back into it goes to the merchant who bore a takeback for it, free of charge.

    Its saga's row is held. The posting is to be booked in the same transaction.
    """
    row = await (await connection.execute(_UNCOVERED, [escrow])).fetchone()
    if row is None or row["amount"] <= 0:
        return None
    part, none = Money(row["amount"], row["currency"]), Money(0, row["currency"])
    number = await _take(connection, escrow, part, "kauri")
    named = ids.shown(ids.ESCROW, escrow)
    return EscrowReleased(escrow_id=named, part=number, amount=part, fee=Fee(net=none, tax=none))


async def _take(connection: "Connection", escrow: UUID, part: Money, actor: str) -> int:
    taking = Taking(kind="takeback", amount=part.minor, by="operators", actor=actor)
    number = await escrow_rows.take(connection, escrow, taking)
    if number is None:
        raise RuntimeError("the row was locked when its rest was read")
    return number
