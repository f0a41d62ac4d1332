"""Payers who asked for it are told how it ended: a receipt by number, or that nothing was paid.

Outside the step that settles: a payment does not wait for a letter. What was told is marked in
the transaction that queues it, so a worker that dies tells it once all the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loguru import logger

from activities import merchants, message_rows, receipts
from activities.messages import sealed
from models import ids
from models.messages import Language, Notice
from models.money import Money
from models.receipt import Merchant, Receipt, failure_notice, receipt_notice

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

    Row = Mapping[str, Any]

#: What the two addresses are sealed for.
PHONE, EMAIL = "payer_contact_phone", "payer_contact_email"

_ENDED = """
select c.checkout_id, c.org_id, c.livemode from payer_contacts c
  join payments p on p.checkout_id = c.checkout_id
 where c.told_at is null and p.status in ('succeeded','reversed','canceled')
 order by c.created_at limit 100"""
#: What was given back more than a day ago is not told any more.
_REFUNDED = """
select distinct c.checkout_id, c.org_id, c.livemode from refund_reservations r
  join payments p on p.id = r.payment_id
  join payer_contacts c on c.checkout_id = p.checkout_id and c.refund_told < p.amount_refunded
 where r.state = 'refunded' and r.ended_at > now() - interval '1 day' limit 100"""
_CONTACT = """
select c.*, p.id as payment_id, p.status, p.amount, p.currency, p.amount_refunded
  from payer_contacts c join payments p on p.checkout_id = c.checkout_id
 where c.checkout_id = %s for no key update of c, p"""
_TOLD = """
update payer_contacts set told_at = coalesce(told_at, now()), refund_told = %s
 where checkout_id = %s"""


@dataclass(frozen=True, slots=True)
class _Due:
    """What to tell in one transaction."""

    row: "Row"
    who: Merchant
    receipts: Sequence[Receipt]


class PayerLetters:
    """Looks for what ended and tells it. `titles`: what each rail is called."""

    def __init__(self, database: "Database", vault: "Vault", titles: Mapping[str, str]) -> None:
        self._database = database
        self._vault = vault
        self._titles = titles

    async def round(self) -> int:
        """Tell everybody whose payment or refund has ended; returns how many were looked at.

        One that cannot be told holds up nobody else. Raises psycopg errors of the look itself.
        """
        async with self._database.system() as connection:
            ended = await (await connection.execute(_ENDED)).fetchall()
            refunded = await (await connection.execute(_REFUNDED)).fetchall()
        for row in (*ended, *refunded):
            try:
                await self._tell(row["org_id"], row["checkout_id"], livemode=row["livemode"])
            except Exception as error:  # noqa: BLE001 - looked at again in the next round
                name = ids.shown(ids.CHECKOUT, row["checkout_id"])
                logger.error("the payer of {} is not told yet: {}", name, type(error).__name__)
        return len(ended) + len(refunded)

    async def _tell(self, org: UUID, checkout: UUID, *, livemode: bool) -> None:
        await self._vault.seal(org, livemode=livemode, field="message_to", plain=b"")
        async with self._database.scoped(org, livemode) as connection:
            row = await (await connection.execute(_CONTACT, [checkout])).fetchone()
            if row is None:
                return
            due = await _due(connection, row)
            for notice in await self._notices(due):
                letter = await sealed(self._vault, org, livemode=livemode, notice=notice)
                await message_rows.queue(connection, letter)
            await connection.execute(_TOLD, [row["amount_refunded"], checkout])

    async def _notices(self, due: _Due) -> list[Notice]:
        phone = await self._opened(due.row, PHONE, due.row["phone_sealed"])
        email = await self._opened(due.row, EMAIL, due.row["email_sealed"])
        language = Language(due.row["language"])
        if due.row["status"] == "canceled":
            return [
                failure_notice(
                    due.who,
                    Money(due.row["amount"], due.row["currency"]),
                    about=ids.shown(ids.PAYMENT, due.row["payment_id"]),
                    to_phone=phone,
                    to_email=email,
                    language=language,
                )
            ]
        return [
            receipt_notice(
                one,
                due.who,
                rail=self._titles.get(one.rail, one.rail),
                to_phone=phone,
                to_email=email,
                language=language,
            )
            for one in due.receipts
        ]

    async def _opened(self, row: "Row", field: str, value: bytes | None) -> str | None:
        if value is None:
            return None
        plain = await self._vault.unseal(
            row["org_id"], livemode=row["livemode"], field=field, sealed=value
        )
        return plain.decode()


async def _due(connection: "Connection", row: "Row") -> _Due:
    """The receipts there are by now, numbered; a message goes out once however often it is due."""
    paid = await receipts.of_payment(connection, row["payment_id"])
    given_back = await receipts.of_refunds(connection, row["payment_id"])
    who = await merchants.merchant(connection)
    return _Due(row, who, [*([paid] if paid else []), *given_back])
