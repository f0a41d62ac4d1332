"""What a clearing move asks: whether it may go, and whether it is there. Nothing moves here."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from temporalio import activity

from activities import approval_rows
from activities.pulse import beating
from activities.reports import report
from models import faultpoints, ids
from models.approval import ApprovalLook
from models.banking import Side, Statement
from models.clearing_move import ClearingOrder
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import SagaRef
from providers.ncba.amounts import bank_day

if TYPE_CHECKING:
    from datetime import date

    from runtime.database import Database

#: A credit is looked for on the days around the transfer.
_DAYS = timedelta(days=3)


class ReadsStatements(Protocol):
    """A bank that shows what moved."""

    async def statement(self, account: str, first: "date", last: "date") -> Statement:
        """The account's lines of those value dates. Raises Unreachable or Ambiguous."""
        ...


class ClearingCalls:
    """Looks. Without a bank the statement says nothing."""

    def __init__(self, database: "Database", bank: ReadsStatements | None) -> None:
        self._database = database
        self._bank = bank

    @activity.defn(name="clearing.allowed")
    async def allowed(self, saga: SagaRef) -> ApprovalLook:
        """How the second person's word stands."""
        row = ids.parsed(ids.CLEARING, saga.id)
        org = ids.parsed(ids.ORG, saga.org_id)
        async with self._database.scoped(org, saga.livemode) as connection:
            return await approval_rows.look(connection, row)

    @activity.defn(name="clearing.look")
    async def look(self, order: ClearingOrder) -> ProviderReport | None:
        """The line that shows it at the other end; None while there is none."""
        await faultpoints.reach("clearing.look.before", order.saga.id)
        async with beating():
            found = await self._arrived(order)
        await faultpoints.reach("clearing.look.after", order.saga.id)
        return found

    async def _arrived(self, order: ClearingOrder) -> ProviderReport | None:
        if self._bank is None or not order.watched:
            return None
        today = bank_day(datetime.now(UTC))
        said = await self._bank.statement(order.destination.account, today - _DAYS, today)
        lines = [
            line
            for line in said.lines
            if line.side is Side.CREDIT
            and line.amount.currency == order.amount.currency
            and line.names(order.reference)
        ]
        if not lines:
            return None
        reading = Reading(
            verdict=Verdict.SETTLED,
            amount=lines[0].amount,
            our_reference=order.reference,
            receipt=lines[0].reference,
        )
        return report(order.saga.id, Source.STATEMENT, reading)
