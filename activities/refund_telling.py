"""The payer is told what came back, with the number of its receipt."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from temporalio import activity

from activities import merchants, message_rows, receipts
from activities.addressing import Addressing
from models import ids
from models.receipt import receipt_notice
from models.refund_order import RefundPlan

if TYPE_CHECKING:
    from runtime.database import Connection, Database
    from runtime.vault import Vault

_ENDED = """
select s.data->>'receipt' as receipt, t.at from sagas s
  join transitions t on t.object_id = s.id and t.to_state = 'succeeded'
 where s.id = %s"""


class RefundTelling:
    """Numbers the receipt and queues the message. `titles`: what people call each rail."""

    def __init__(self, database: "Database", vault: "Vault", titles: Mapping[str, str]) -> None:
        self._database = database
        self._addressing = Addressing(vault)
        self._titles = titles

    @activity.defn(name="refund.tell")
    async def tell(self, plan: RefundPlan) -> None:
        """Tell the payer once: the number stays, and the message is keyed by the refund."""
        org, livemode = ids.parsed(ids.ORG, plan.saga.org_id), plan.saga.livemode
        await self._addressing.ready(org, livemode=livemode)
        async with self._database.scoped(org, livemode) as connection:
            rail_receipt, at = await _ended(connection, plan)
            receipt = await receipts.of_refund(
                connection,
                refund_id=ids.parsed(ids.REFUND, plan.saga.id),
                payment_id=ids.parsed(ids.PAYMENT, plan.payment_id),
                amount=plan.amount,
                rail=plan.out_of.provider,
                rail_receipt=rail_receipt,
                at=at,
            )
            notice = receipt_notice(
                receipt,
                await merchants.merchant(connection),
                rail=self._titles.get(plan.out_of.provider, plan.out_of.provider),
                to_phone=plan.payer,
            )
            letters = await self._addressing.letters(
                connection, org, livemode=livemode, notices=[notice]
            )
            for letter in letters:
                await message_rows.queue(connection, letter)


async def _ended(connection: "Connection", plan: RefundPlan) -> tuple[str | None, datetime]:
    named = [ids.parsed(ids.REFUND, plan.saga.id)]
    row = await (await connection.execute(_ENDED, named)).fetchone()
    if row is None:
        raise LookupError("the refund did not succeed")
    return row["receipt"], row["at"]
