"""What a clearing move asks the bank: whether it is there. Nothing moves here."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from temporalio import activity

from activities.pulse import beating
from activities.reports import report
from models import faultpoints
from models.banking import Side, Statement
from models.clearing_move import ClearingOrder
from models.reading import ProviderReport, Reading, Source, Verdict
from providers.ncba.amounts import bank_day

if TYPE_CHECKING:
    from datetime import date

#: A credit is looked for on the days around the transfer.
_DAYS = timedelta(days=3)


class ReadsStatements(Protocol):
    """A bank that shows what moved."""

    async def statement(self, account: str, first: "date", last: "date") -> Statement:
        """The account's lines of those value dates. Raises Unreachable or Ambiguous."""
        ...


class ClearingCalls:
    """Looks. Without a bank the statement says nothing."""

    def __init__(self, bank: ReadsStatements | None) -> None:
        self._bank = bank

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
