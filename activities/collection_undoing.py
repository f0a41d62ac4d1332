"""Taking a collection back: the money left the pay bill, so the lender's books are undone."""

from collections.abc import Awaitable
from dataclasses import dataclass

from temporalio import activity

from activities.account_matching import FindsAccounts, reread
from activities.collection_books import GivesPayments, TakesPayments
from activities.fence import Fence, Intent
from activities.posting import looked, refused
from activities.pulse import beating
from activities.reports import NEVER_SENT, heard, report, silence
from models import faultpoints, ids
from models.account_matching import Target, TargetKind
from models.credentials import NoCredentials
from models.lender_orders import Undo
from models.lending import LoanTransaction
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import Ambiguous, QuestionRefused, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackOrder:
    """One sending that takes a transaction back."""

    intent: Intent
    target: Target
    transaction_id: int
    receipt: str
    tries: int = 1


class CollectionUndoing:
    """Has the lender's books undone; only what is read back counts as done."""

    def __init__(self, partners: GivesPayments, fence: Fence) -> None:
        self._partners = partners
        self._fence = fence

    @activity.defn(name="collection.undo")
    async def undo(self, order: TakeBackOrder) -> ProviderReport:
        """Take the transaction back, once per sending, then read the account."""
        named = order.intent.instruction_id
        async with beating():
            try:
                books = await self._books(order)
                line = await _line(books, order)
            except Unreachable:
                return report(named, Source.ACK, NEVER_SENT)
            except (NoCredentials, QuestionRefused, Ambiguous) as no:
                return report(named, Source.ACK, refused(no))
            if line is None or line.reversed or line.on is None:
                return report(named, Source.QUERY, _taken(line))
            await faultpoints.reach("collection.undo.fence.before", order.intent.saga.id)
            if not await self._fence.open(order.intent):
                return report(named, Source.ACK, silence(Reason.DUPLICATE))
            await faultpoints.reach("collection.undo.before", order.intent.saga.id)
            said = await heard(_take(books, order, line))
            await faultpoints.reach("collection.undo.after", order.intent.saga.id)
            if said.verdict is Verdict.REFUSED:
                return report(named, Source.ACK, said)
            return report(named, Source.QUERY, await looked(_seen(books, order)))

    @activity.defn(name="collection.look_undone")
    async def look_undone(self, order: TakeBackOrder) -> ProviderReport:
        """Whether the transaction is taken back."""
        async with beating():
            reading = await looked(_seen(await self._books(order), order))
        return report(order.intent.instruction_id, Source.QUERY, reading)

    async def _books(self, order: TakeBackOrder) -> TakesPayments:
        saga = order.intent.saga
        return await self._partners.mifos(saga.org_id, saga.livemode)


def _take(books: TakesPayments, order: TakeBackOrder, line: LoanTransaction) -> Awaitable[Reading]:
    named = ids.parsed(ids.INSTRUCTION, order.intent.instruction_id).hex
    taken = Undo(
        account_id=order.target.id,
        transaction_id=order.transaction_id,
        on=line.on,
        idempotency_key=f"{named}:u{order.tries}",
        note=f"M-Pesa reversed {order.receipt}",
    )
    loan = order.target.kind is TargetKind.LOAN
    return books.undo_transaction(taken) if loan else books.undo_deposit(taken)


async def _line(books: FindsAccounts, order: TakeBackOrder) -> LoanTransaction | None:
    account = await reread(books, order.target)
    lines = (account.transactions if account else None) or ()
    return next((line for line in lines if line.id == order.transaction_id), None)


async def _seen(books: FindsAccounts, order: TakeBackOrder) -> Reading:
    return _taken(await _line(books, order))


def _taken(line: LoanTransaction | None) -> Reading:
    """Settled where the books show it as taken back; a line that is gone is for people."""
    if line is None:
        return silence(Reason.MISMATCH)
    if not line.reversed:
        return silence(Reason.NOT_FOUND)
    return Reading(verdict=Verdict.SETTLED, provider_reference=str(line.id))
