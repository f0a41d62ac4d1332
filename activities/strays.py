"""Strays: what a late report changes, read from the rows of an ended session."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities.records import Records
from models import decisions, faultpoints, ids
from models.decisions import Decision, Known, Situation
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.money import Money
from models.step import CaseKind, Posting, Step
from models.stray import StrayOrder

if TYPE_CHECKING:
    from runtime.database import Database

_READ = """
select a.state, a.amount, a.currency, a.provider, a.receipt, a.provider_reference,
       p.status, p.needs_review, c.state as checkout_state,
       (select kind from cases k where k.attempt_id = a.id and k.state = 'open'
           and k.kind in ('amount_mismatch','currency_mismatch') limit 1) as suspended
  from attempts a join payments p on p.id = a.payment_id join checkouts c on c.id = a.checkout_id
 where a.id = %s"""


class Strays:
    """Weighs late reports with the same rules as the running workflow."""

    def __init__(self, database: "Database", records: Records) -> None:
        self._database = database
        self._records = records

    @activity.defn(name="stray.weigh")
    async def weigh(self, order: StrayOrder) -> str:
        """Keep the evidence; book money that came late with a case. Idempotent by order.key."""
        await faultpoints.reach("stray.before", order.checkout_id)
        known, situation = await self._read(order)
        decision = decisions.hear(known, situation, order.report)
        await self._records.commit(_step(order, known, decision))
        await faultpoints.reach("stray.after", order.checkout_id)
        return str(decision.case or "evidence")

    async def _read(self, order: StrayOrder) -> tuple[Known, Situation]:
        org = ids.parsed(ids.ORG, order.org_id)
        async with self._database.scoped(org, order.livemode) as connection:
            cursor = await connection.execute(_READ, [ids.parsed(ids.ATTEMPT, order.attempt_id)])
            row = await cursor.fetchone()
        if row is None:
            raise LookupError(f"{order.attempt_id} is not there")
        return _known(order, row), Situation(
            checkout=CheckoutState(row["checkout_state"]),
            payment=PaymentStatus(row["status"]),
            needs_review=row["needs_review"],
        )


def _known(order: StrayOrder, row: Any) -> Known:
    return Known(
        id=order.attempt_id,
        provider=row["provider"],
        amount=Money(row["amount"], row["currency"]),
        state=AttemptState(row["state"]),
        provider_reference=row["provider_reference"],
        receipt=row["receipt"],
        suspended=CaseKind(row["suspended"]) if row["suspended"] else None,
    )


def _step(order: StrayOrder, known: Known, decision: Decision) -> Step:
    """A final session keeps its states: only evidence, money in suspense and a case."""
    said = order.report.reading
    posting = None
    if decision.books is not None and decision.case is not None:
        posting = Posting(
            attempt_id=known.id,
            provider=known.provider,
            amount=decision.books,
            receipt=said.receipt or said.provider_reference or known.id,
            suspense=decision.case,
            handle=known.provider_reference or said.provider_reference,
        )
    return Step(
        key=f"stray/{order.key}",
        org_id=order.org_id,
        livemode=order.livemode,
        checkout_id=order.checkout_id,
        payment_id=order.payment_id,
        attempt_id=order.attempt_id,
        at=datetime.now(UTC),
        actor=f"provider:{known.provider}",
        evidence=(order.also, order.report) if order.also else (order.report,),
        posting=posting,
        case=decision.case,
        events=decision.events if decision.case else (),
        needs_review=True if decision.case else None,
    )
