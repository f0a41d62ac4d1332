"""What a refund is taken from: a payment that succeeded, or money of a case, in suspense.

Both read the same columns; `amount_received` is all there was. `alone`: nothing else was paid
under the provider's reference, so that the rail cannot give the wrong money back.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from models import ids
from models.fees import Fee
from models.lifecycle import PaymentStatus
from models.money import Money
from models.refund_order import RefundDraft, RefundRefused, Refusal, fee_returned
from models.saga import SagaKind
from models.saga_states import final

if TYPE_CHECKING:
    from runtime.database import Connection

    Row = Mapping[str, Any]

_PAYMENT = """
select p.*, o.return_fee_on_refund, a.id as attempt_id, a.provider, true as alone,
       a.provider_reference, a.receipt, a.payer_sealed, e.state as escrow_state
  from payments p join orgs o on o.id = p.org_id
  join checkouts c on c.id = p.checkout_id left join sagas e on e.id = c.escrow_id
  left join attempts a on a.payment_id = p.id and a.state = 'succeeded'
 where p.id = %s order by a.number limit 1 for no key update of p"""
_SUSPENDED = """
select k.payment_id as id, k.org_id, k.livemode, k.currency, k.amount as amount_received,
       a.id as attempt_id, a.provider, a.provider_reference, a.payer_sealed,
       coalesce(v.receipt, a.receipt) as receipt,
       a.state <> 'succeeded' and not exists (
         select from cases o where o.attempt_id = a.id and o.id <> k.id
            and o.entry_id is not null) as alone
  from cases k join attempts a on a.id = k.attempt_id left join evidence v on v.id = k.evidence_id
 where k.id = %s and k.entry_id is not null for update of k"""
_TAKEN = "select net, tax from fee_taken(%s)"
_RETURNED = """
select coalesce(sum(fee_net), 0)::bigint as net, coalesce(sum(fee_tax), 0)::bigint as tax
  from refund_reservations where payment_id = %s and state <> 'released'"""
_LOST = """
select coalesce(sum(fee_net), 0)::bigint as net, coalesce(sum(fee_tax), 0)::bigint as tax
  from payment_takebacks where payment_id = %s"""
#: The entries that may have taken the fee of an attempt: settled, or accepted by people.
_FEE_ENTRIES = ("settled", "amount_mismatch/accepted", "currency_mismatch/accepted")


async def payment(connection: "Connection", named: str) -> "Row":
    """The payment, held, with the attempt that paid it. Raises RefundRefused."""
    try:
        payment_id = ids.parsed(ids.PAYMENT, named)
    except ids.BadId as error:
        raise RefundRefused(Refusal.NO_PAYMENT, "there is no such payment") from error
    row = await (await connection.execute(_PAYMENT, [payment_id])).fetchone()
    if row is None:
        raise RefundRefused(Refusal.NO_PAYMENT, "there is no such payment")
    return row


async def suspended(connection: "Connection", case: str) -> "Row":
    """The money a case holds, the case held. Raises RefundRefused."""
    named = ids.parsed(ids.CASE, case)
    row = await (await connection.execute(_SUSPENDED, [named])).fetchone()
    if row is None:
        raise RefundRefused(Refusal.NO_PAYMENT, "the case holds no money")
    return row


def amount(draft: RefundDraft, source: "Row") -> Money:
    """What goes back: of a case all of it. Raises RefundRefused."""
    if draft.case is not None:
        return Money(source["amount_received"], source["currency"])
    _refundable(draft, source)
    left = Money(source["amount_received"] - _gone(source), source["currency"])
    wanted = draft.amount or left
    if wanted.currency != left.currency:
        raise RefundRefused(Refusal.CURRENCY, f"the payment is in {left.currency}")
    if not 0 < wanted.minor <= left.minor:
        raise RefundRefused(Refusal.EXCEEDS, _told(left, source), left)
    return wanted


async def fee(connection: "Connection", source: "Row", part: Money) -> Fee | None:
    """What of our fee goes back with a refund of this, by the organisation's policy."""
    if not source["return_fee_on_refund"]:
        return None
    returned, lost = await _given(connection, source, part.currency)
    back = fee_returned(
        await _taken(connection, source, part.currency),
        already=Fee(net=returned.net + lost.net, tax=returned.tax + lost.tax),
        refunded=_gone(source) + part.minor,
        captured=source["amount_received"],
    )
    return back if back.total.minor else None


async def fee_of_taken(connection: "Connection", source: "Row", part: Money) -> Fee:
    """What of our fee belongs to a part that is taken back: always given back, and never twice."""
    taken = await _taken(connection, source, part.currency)
    returned, lost = await _given(connection, source, part.currency)
    due = fee_returned(
        taken,
        already=lost,
        refunded=source["amount_taken_back"] + part.minor,
        captured=source["amount_received"],
    )
    return Fee(
        net=_least(due.net, taken.net - lost.net - returned.net),
        tax=_least(due.tax, taken.tax - lost.tax - returned.tax),
    )


def _least(one: Money, other: Money) -> Money:
    return one if one.minor <= other.minor else other


async def _taken(connection: "Connection", source: "Row", currency: str) -> Fee:
    attempt = ids.shown(ids.ATTEMPT, source["attempt_id"])
    named = [f"{attempt}/{event}" for event in _FEE_ENTRIES]
    return await _fees(connection, _TAKEN, named, currency)


async def _given(connection: "Connection", source: "Row", currency: str) -> tuple[Fee, Fee]:
    """What went back with refunds, and with what was taken back."""
    named = source["id"]
    returned = await _fees(connection, _RETURNED, named, currency)
    return returned, await _fees(connection, _LOST, named, currency)


async def _fees(connection: "Connection", query: str, named: Any, currency: str) -> Fee:
    sums = await (await connection.execute(query, [named])).fetchone()
    if sums is None:
        raise RuntimeError("sums have one row")
    return Fee(net=Money(sums["net"], currency), tax=Money(sums["tax"], currency))


def _refundable(draft: RefundDraft, source: "Row") -> None:
    status = PaymentStatus(source["status"])
    if status is PaymentStatus.UNKNOWN:
        raise RefundRefused(Refusal.OUTCOME_UNKNOWN, "nobody knows yet whether it was paid")
    if status is PaymentStatus.REVERSED:
        raise RefundRefused(Refusal.NOT_SUCCEEDED, "all of the payment was taken back already")
    if status is not PaymentStatus.SUCCEEDED or source["attempt_id"] is None:
        raise RefundRefused(Refusal.NOT_SUCCEEDED, f"the payment is {status}")
    kept = source["escrow_state"]
    if draft.escrow is None and kept is not None and not final(SagaKind.ESCROW, kept):
        raise RefundRefused(Refusal.IN_ESCROW, "its money lies in an escrow: refund that")


def _gone(source: "Row") -> int:
    """What is not there to be refunded any more: given back, reserved for that, or taken back."""
    return int(source["amount_refunded"] + source["amount_reserved"] + source["amount_lost"])


def _told(left: Money, source: "Row") -> str:
    lost = Money(source["amount_taken_back"], left.currency)
    why = f": {lost} were reversed or charged back" if lost.minor else ""
    return f"{left} of the payment are left{why}"
