"""Reversals and chargebacks of payments that succeeded, by the word of two people.

What was taken back is a fact: it is booked whatever was refunded, and from then on it is not
there to be refunded. Refunds that have not left are given up where it is missing now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from activities import escrow_takebacks, rows, waking
from activities import refund_sources as sources
from activities.sagas import VaultBooks
from models import faultpoints, ids
from models.events import payment_object
from models.fees import Fee
from models.float_gate import COLLECTIONS
from models.lifecycle import PaymentStatus
from models.money import Money
from models.places import ProviderWallet
from models.refund import CANCELABLE
from models.refund_order import RefundRefused
from models.refund_postings import PaymentTakenBack
from models.takeback import TAKEN_BACK, Takeback, TakebackRefused

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]

_KNOWN = "select kind, amount from payment_takebacks where payment_id = %s and number = %s"
_KEEP = """
insert into payment_takebacks (id, org_id, livemode, payment_id, kind, number, amount, fee_net,
  fee_tax, actor, approver, reason, at)
values (%(id)s, %(org)s, %(livemode)s, %(payment)s, %(kind)s, %(number)s, %(amount)s, %(net)s,
  %(tax)s, %(actor)s, %(approver)s, %(reason)s, %(at)s)"""
#: With all of it gone payment and attempt are reversed, which ends both for good.
_MOVE = """
with moved as (
  update payments set updated_at = %(at)s, status = case
      when amount_taken_back = amount_received then 'reversed' else status end
   where id = %(payment)s returning *), undone as (
  update attempts a set state = 'reversed', updated_at = %(at)s from moved
   where a.id = %(attempt)s and moved.status = 'reversed'), kept as (
  insert into transitions (step, org_id, livemode, checkout_id, object_id, object, from_state,
    to_state, actor, reason, at)
  select %(step)s, org_id, livemode, checkout_id, o.id, o.what, 'succeeded', 'reversed', %(actor)s,
    %(reason)s, %(at)s from moved
    cross join (values (%(payment)s::uuid, 'payment'), (%(attempt)s::uuid, 'attempt')) o (id, what)
   where moved.status = 'reversed')
select * from moved"""
_UNSENT = """
select id from sagas where org_id = app_org() and livemode = app_mode() and kind = 'refund'
   and data->>'payment' = %s and data->>'case' is null and state = any(%s)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """Sealed: what gives a refund up, and what has an escrow look."""

    give_up: bytes
    look: bytes


class Takebacks:
    """The only writer of what was taken back."""

    def __init__(self, database: "Database", vault: "Vault", books: VaultBooks) -> None:
        self._database = database
        self._vault = vault
        self._books = books

    async def record(self, taken: Takeback) -> None:
        """Write it down and book it, once per number. Raises TakebackRefused."""
        org = ids.parsed(ids.ORG, taken.org_id)
        words = await self._words(org, taken)
        await faultpoints.reach("takeback.before", taken.payment_id)
        async with self._database.scoped(org, taken.livemode) as connection:
            escrow = await escrow_takebacks.held(connection, taken.payment_id)
            payment = await _held(connection, taken)
            if not await _recorded(connection, payment, taken):
                posting = await _posting(connection, payment, taken, escrow)
                await self._record(connection, payment, taken, posting, words)
        await faultpoints.reach("takeback.after", taken.payment_id)

    async def _words(self, org: UUID, taken: Takeback) -> _Words:
        return _Words(
            give_up=await waking.cancellation(self._vault, org, livemode=taken.livemode),
            look=await waking.word(self._vault, org, livemode=taken.livemode, why="taken back"),
        )

    async def _record(
        self,
        connection: "Connection",
        payment: "Row",
        taken: Takeback,
        posting: PaymentTakenBack,
        words: _Words,
    ) -> None:
        moved = await _write(connection, payment, taken, posting.fee)
        if _over(moved):
            await _give_up(connection, payment, taken, words.give_up)
        if posting.escrow is not None:
            await _wake(connection, payment, taken, posting.escrow, words.look)
        await self._books.book(  # last: hot accounts stay locked from here on
            connection, org=payment["org_id"], livemode=taken.livemode, posting=posting
        )


async def _held(connection: "Connection", taken: Takeback) -> "Row":
    """The payment, its row held as acceptance of a refund holds it. Raises TakebackRefused."""
    try:
        return await sources.payment(connection, taken.payment_id)
    except RefundRefused as refused:
        raise TakebackRefused(str(refused)) from refused


async def _posting(
    connection: "Connection", payment: "Row", taken: Takeback, escrow: UUID | None
) -> PaymentTakenBack:
    """What of it is whose; of an escrow it is taken here. Raises TakebackRefused."""
    amount = _amount(payment, taken)
    fee = await sources.fee_of_taken(connection, payment, amount)
    posting = PaymentTakenBack(
        payment_id=taken.payment_id,
        number=taken.number,
        amount=amount,
        out_of=ProviderWallet(provider=payment["provider"], wallet=COLLECTIONS),
        fee=fee,
    )
    if escrow is None:
        return posting
    kept = await escrow_takebacks.take(connection, escrow, amount, actor=taken.actor)
    return replace(posting, escrow=ids.shown(ids.ESCROW, escrow), kept=kept)


async def _recorded(connection: "Connection", payment: "Row", taken: Takeback) -> bool:
    """Whether it was recorded before. Raises TakebackRefused where the number is another's."""
    known = [payment["id"], taken.number]
    row = await (await connection.execute(_KNOWN, known)).fetchone()
    if row is not None and (row["kind"], row["amount"]) != (str(taken.kind), taken.amount):
        raise TakebackRefused(f"{taken.number} is a {row['kind']} of {row['amount']} already")
    return row is not None


def _amount(payment: "Row", taken: Takeback) -> Money:
    """Raises TakebackRefused for a payment that did not succeed, and above what was captured."""
    status = PaymentStatus(payment["status"])
    if status is not PaymentStatus.SUCCEEDED or payment["attempt_id"] is None:
        raise TakebackRefused(f"the payment is {status}")
    left = payment["amount_received"] - payment["amount_taken_back"]
    if taken.amount > left:
        rest = Money(left, payment["currency"])
        raise TakebackRefused(f"{rest} of what was captured are not taken back yet")
    return Money(taken.amount, payment["currency"])


async def _write(connection: "Connection", payment: "Row", taken: Takeback, fee: Fee) -> "Row":
    """The row that counts, the states it leads to, and the event. The payment's row after."""
    fields = {
        "id": ids.uuid7(),
        "org": payment["org_id"],
        "livemode": payment["livemode"],
        "payment": payment["id"],
        "attempt": payment["attempt_id"],
        "kind": str(taken.kind),
        "number": taken.number,
        "amount": taken.amount,
        "net": fee.net.minor,
        "tax": fee.tax.minor,
        "actor": taken.actor,
        "approver": taken.approver,
        "reason": taken.reason,
        "step": f"{taken.payment_id}/{taken.number}/taken_back",
        "at": datetime.now(UTC),
    }
    await connection.execute(_KEEP, fields)
    moved = await (await connection.execute(_MOVE, fields)).fetchone()
    if moved is None:
        raise RuntimeError("the payment was locked a moment ago")
    before = {"status": payment["status"], "amount_taken_back": payment["amount_taken_back"]}
    told = {"object": payment_object(moved, None), "previous_attributes": before}
    await rows.add_event(connection, moved, TAKEN_BACK, told, key=fields["step"], at=fields["at"])
    return moved


def _over(payment: "Row") -> bool:
    """Whether refunds have taken, or are about to take, what was taken back."""
    return bool(payment["amount_taken_back"] > payment["amount_lost"])


async def _give_up(
    connection: "Connection", payment: "Row", taken: Takeback, sealed: bytes
) -> None:
    """Leave word for refunds that have not left; one that leaves at this moment is not stopped."""
    wanted = [taken.payment_id, [str(state) for state in CANCELABLE]]
    for row in await (await connection.execute(_UNSENT, wanted)).fetchall():
        await _wake(connection, payment, taken, ids.shown(ids.REFUND, row["id"]), sealed)


async def _wake(
    connection: "Connection", payment: "Row", taken: Takeback, saga: str, sealed: bytes
) -> None:
    await waking.wake(
        connection,
        payment["org_id"],
        saga,
        livemode=taken.livemode,
        occasion=f"taken back {taken.number}",
        sealed=sealed,
    )
