"""What is shown: sessions and payments with their latest attempt, in the caller's scope."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from runtime.database import Connection

Row = Mapping[str, Any]

_CHECKOUT = "select * from checkouts where id = %s"
_PAYMENT_OF = "select * from payments where checkout_id = %s"
_ATTEMPT_OF = """
select a.* from attempts a join payments p on p.id = a.payment_id
 where p.checkout_id = %s order by a.number desc limit 1"""
_LOCK = """
select c.id from checkouts c join payments p on p.checkout_id = c.id
 where c.id = %s for no key update of p, c"""
_PAYMENT = "select * from payments where id = %s"
_LATEST = """
select distinct on (payment_id) * from attempts where payment_id = any(%s)
 order by payment_id, number desc"""
_PAYMENTS_OF = "select * from payments where checkout_id = any(%s)"
_HOLDER = """
select id from payments where reference = %s and (%s or reference_guard is not null)
   and status <> 'canceled' order by created_at desc limit 1"""


class Rows(NamedTuple):
    """A session's rows."""

    checkout: Row
    payment: Row
    attempt: Row | None


async def session_rows(
    connection: Connection, checkout_id: UUID, *, lock: bool = False
) -> Rows | None:
    """The session, its payment and latest attempt; None when it is not the caller's."""
    async with connection.pipeline():
        if lock:
            await connection.execute(_LOCK, [checkout_id])
        first = await connection.execute(_CHECKOUT, [checkout_id])
        second = await connection.execute(_PAYMENT_OF, [checkout_id])
        third = await connection.execute(_ATTEMPT_OF, [checkout_id])
    checkout, payment = await first.fetchone(), await second.fetchone()
    if checkout is None or payment is None:
        return None
    return Rows(checkout, payment, await third.fetchone())


async def payment_rows(connection: Connection, payment_id: UUID) -> tuple[Row, Row | None] | None:
    """The payment and its latest attempt; None when it is not the caller's."""
    async with connection.pipeline():
        first = await connection.execute(_PAYMENT, [payment_id])
        second = await connection.execute(_LATEST, [[payment_id]])
    payment = await first.fetchone()
    return None if payment is None else (payment, await second.fetchone())


async def with_payments(connection: Connection, checkouts: Sequence[Row]) -> list[Rows]:
    """A page of sessions with their payments and latest attempts."""
    found = await connection.execute(_PAYMENTS_OF, [[row["id"] for row in checkouts]])
    payments = {row["checkout_id"]: row for row in await found.fetchall()}
    attempts = await latest_attempts(connection, list(payments.values()))
    sessions = [(row, payments[row["id"]]) for row in checkouts]
    return [Rows(row, payment, attempts.get(payment["id"])) for row, payment in sessions]


async def latest_attempts(connection: Connection, payments: Sequence[Row]) -> dict[UUID, Row]:
    """The latest attempt of each payment that has one."""
    found = await connection.execute(_LATEST, [[row["id"] for row in payments]])
    return {row["payment_id"]: row for row in await found.fetchall()}


async def holder_of(connection: Connection, reference: str, *, guarded: bool) -> UUID | None:
    """A payment with this reference that was not canceled; `guarded`: only one that holds it."""
    found = await connection.execute(_HOLDER, [reference, not guarded])
    row = await found.fetchone()
    return None if row is None else row["id"]
