"""Write-ahead intent: what is about to be sent is durable before it leaves."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from models import ids
from models.checkout import PromptOrder
from models.decisions import REQUIRES_ACTION
from models.lifecycle import AttemptState, PaymentStatus
from models.reading import ProviderReport, Verdict
from models.step import Step

if TYPE_CHECKING:
    from activities.records import Records
    from runtime.database import Database

    Row = dict[str, Any]

_SEND = """
with fence as (
  update attempts set state = 'sending', updated_at = now()
   where id = %(id)s and state in ('created','queued','not_received')
  returning id, org_id, livemode, checkout_id)
insert into transitions (step, org_id, livemode, checkout_id, object_id, object, from_state,
  to_state, actor)
select %(step)s, org_id, livemode, checkout_id, id, 'attempt', %(old)s, 'sending', 'kauri'
  from fence
returning seq"""
_REMEMBERED = "select provider_reference, redirect_url from attempts where id = %s"


class Intents:
    """The fence of the one call that moves money."""

    def __init__(self, database: "Database", records: "Records") -> None:
        self._database = database
        self._records = records

    async def sending(self, order: PromptOrder) -> bool:
        """Move the attempt to `sending`, committed. False: it was sent before, send nothing."""
        org = ids.parsed(ids.ORG, order.org_id)
        first = AttemptState.QUEUED if order.attempt.queued else AttemptState.CREATED
        old = AttemptState.NOT_RECEIVED if order.sends else first
        values = {
            "id": ids.parsed(ids.ATTEMPT, order.attempt.id),
            "step": f"{order.attempt.id}/send/{order.sends}",
            "old": str(old),
        }
        async with self._database.pipelined(org, order.livemode) as connection:
            moved = await connection.execute(_SEND, values)
        return await moved.fetchone() is not None

    async def remembered(self, attempt_id: str) -> "Row":
        """The handle and the page an acknowledgement left in the row, as fields of a charge.

        The row may know more than the workflow: the worker that wrote it may have died at once.
        """
        named = [ids.parsed(ids.ATTEMPT, attempt_id)]
        async with self._database.system() as connection:
            row = await (await connection.execute(_REMEMBERED, named)).fetchone() or {}
        return {name: value for name, value in row.items() if value}

    async def acknowledged(self, order: PromptOrder, report: ProviderReport) -> None:
        """Show that the payer must act. Any other answer is the workflow's to weigh.

        An acknowledgement that comes after the final word is kept as evidence and moves nothing.
        """
        if report.verdict is not Verdict.PENDING:
            return
        step = Step(
            key=f"{order.attempt.id}/acknowledged/{order.sends}",
            org_id=order.org_id,
            livemode=order.livemode,
            checkout_id=order.checkout_id,
            payment_id=order.payment_id,
            attempt_id=order.attempt.id,
            at=datetime.now(UTC),
            actor=f"provider:{order.attempt.provider}",
            attempt=AttemptState.AWAITING_CUSTOMER,
            payment=PaymentStatus.REQUIRES_ACTION,
            evidence=(report,),
            events=(REQUIRES_ACTION,),
        )
        await self._records.commit(step, late_is_fine=True)
