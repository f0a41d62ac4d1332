"""Posting a collection: repayment or deposit in the lender's books, read back before believed."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from temporalio import activity

from activities.account_matching import reread
from activities.collection_books import Entering, GivesPayments, TakesPayments
from activities.fence import Fence, Intent
from activities.posting import looked, posted, refused, speaks
from activities.pulse import beating
from activities.reports import NEVER_SENT, report, silence
from models import ids
from models.account_matching import Target, TargetKind, of_loan, of_savings
from models.credentials import CredentialKind, NoCredentials
from models.lender_orders import Deposit, Repayment
from models.lending import Loan
from models.money import Money
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import Ambiguous, QuestionRefused, Unreachable

_CLOSED = Reading(verdict=Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
_OPEN = Reading(verdict=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterOrder:
    """One sending of one payment to the books. `tries` numbers its key.

    `parked`: a checker has an earlier one. `payer` is the phone where we rang it.
    """

    intent: Intent
    target: Target
    tenant: str
    amount: Money
    receipt: str
    paid_at: datetime
    payer: str = field(default="", repr=False)
    tries: int = 1
    parked: bool = False


class Collections:
    """Tells the lender's books; only what is read back counts as done."""

    def __init__(self, partners: GivesPayments, fence: Fence) -> None:
        self._partners = partners
        self._fence = fence

    @activity.defn(name="collection.post")
    async def post(self, order: EnterOrder) -> ProviderReport:
        """Post it, once per sending, then read the account back. It is read back first, too.

        An account that takes no payments any more is refused unsent: not_allowed.
        """
        named = order.intent.instruction_id
        async with beating():
            try:
                books = await self._books(order)
                told = await self._entering(books, order)
                seen = await looked(books.inquire(told))
                if not speaks(seen) and await _standing(books, order.target) == _CLOSED:
                    return report(named, Source.ACK, _CLOSED)
            except Unreachable:
                return report(named, Source.ACK, NEVER_SENT)
            except (NoCredentials, QuestionRefused, Ambiguous) as no:
                return report(named, Source.ACK, refused(no))
            if speaks(seen):
                return report(named, Source.QUERY, seen)
            return await self._sent(books, told, order)

    @activity.defn(name="collection.look")
    async def look(self, order: EnterOrder) -> ProviderReport:
        """Read the account back. A parked command that is still not there stays parked."""
        async with beating():
            books = await self._books(order)
            reading = await looked(books.inquire(await self._entering(books, order)))
        if order.parked and reading.reason is Reason.NOT_FOUND:
            reading = silence(Reason.PARKED)
        return report(order.intent.instruction_id, Source.QUERY, reading)

    async def _sent(
        self, books: TakesPayments, told: Entering, order: EnterOrder
    ) -> ProviderReport:
        """Tell the books, and look why where they refuse."""
        said = await posted(
            self._fence,
            order.intent,
            about="collection",
            tell=lambda: _entered(books, told),
            look=lambda: books.inquire(told),
        )
        if said.verdict is Verdict.REFUSED and not said.not_received:
            now = await looked(_standing(books, order.target))
            return replace(said, reading=_CLOSED) if now == _CLOSED else said
        if said.reading.reason is Reason.DUPLICATE and said.reading.provider_code:
            seen = await looked(books.inquire(told))
            # Not unique, and not here: it is booked on another account. People look.
            return replace(said, source=Source.QUERY) if seen.reason is Reason.NOT_FOUND else said
        return said

    async def _books(self, order: EnterOrder) -> TakesPayments:
        saga = order.intent.saga
        return await self._partners.mifos(saga.org_id, saga.livemode)

    async def _entering(self, books: TakesPayments, order: EnterOrder) -> Entering:
        """The booking of the day the customer paid, by the lender's own calendar."""
        saga, target = order.intent.saga, order.target
        lender = await self._partners.known(saga.org_id, saga.livemode, CredentialKind.MIFOS)
        on = order.paid_at.astimezone(ZoneInfo(lender.shown.get("zone", "Africa/Nairobi"))).date()
        payment_type = await books.payment_type(lender.shown.get("payment_type", ""))
        if payment_type is None:
            raise QuestionRefused("the payment type is gone", silence(Reason.CONFIGURATION))
        loan = target.kind is TargetKind.LOAN
        booking: dict[str, Any] = {
            "on": on,
            "amount": order.amount,
            "payment_type_id": payment_type,
            "receipt": order.receipt,
            "external_id": order.receipt,
            "account_number": order.payer,
            "note": f"M-Pesa {order.receipt}",
            "idempotency_key": ids.fineract_key(
                tenant=order.tenant,
                loan=target.id,
                receipt=order.receipt,
                op="repayment" if loan else "deposit",
                amount_minor=order.amount.minor,
                on=on,
                try_number=order.tries,
            ),
        }
        if loan:
            return Repayment(loan_id=target.id, **booking)
        return Deposit(savings_id=target.id, **booking)


async def _entered(books: TakesPayments, told: Entering) -> Reading:
    if isinstance(told, Deposit):
        return await books.deposit(told)
    return await books.repay(told)


async def _standing(books: TakesPayments, target: Target) -> Reading:
    """Whether the account takes payments now."""
    account = await reread(books, target)
    if account is None:
        return _CLOSED
    now = of_loan(account) if isinstance(account, Loan) else of_savings(account)
    return _OPEN if now.active else _CLOSED
