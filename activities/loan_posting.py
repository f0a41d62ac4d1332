"""Posting: a paid loan is booked in the lender's Mifos X, and read back before believed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from temporalio import activity

from activities.fence import Fence, Intent
from activities.lending import Known
from activities.posting import looked, posted, refused, speaks
from activities.pulse import beating
from activities.reports import NEVER_SENT, heard, report, silence
from models import ids
from models.credentials import CredentialKind, NoCredentials
from models.lender_orders import Disbursement, Undo
from models.lending import Loan, LoanStatus
from models.loan_calls import LoanRef
from models.money import Money
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from providers.contract import Ambiguous, QuestionRefused, Unreachable


class WritesBooks(Protocol):
    """A lender's books. Commands raise Unreachable or Ambiguous; questions QuestionRefused too."""

    async def disburse(self, order: Disbursement) -> Reading:
        """Book a loan as paid out."""
        ...

    async def undo_disbursal(self, order: Undo) -> Reading:
        """Take a disbursement back."""
        ...

    async def inquire(self, order: Disbursement) -> Reading:
        """What the books say about an order."""
        ...

    async def loan(self, loan_id: int) -> Loan | None:
        """A loan with its transactions."""
        ...

    async def payment_type(self, name: str) -> int | None:
        """The id of a payment type that is not cash."""
        ...


class GivesLenders(Protocol):
    """Where a partner's credentials are kept. Both raise NoCredentials."""

    async def mifos(self, org_id: str, livemode: bool) -> WritesBooks:  # noqa: FBT001 - the second half of the scope
        """The lender's books."""
        ...

    async def known(self, org_id: str, livemode: bool, kind: CredentialKind) -> Known:  # noqa: FBT001 - as above
        """A credential in use, without its secrets."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PostingOrder:
    """One sending of one booking. `tries` numbers its key; `parked`: a checker has an earlier one.

    `amount` is the approved principal; `paid_at` when M-Pesa completed the payment.
    """

    ref: LoanRef
    intent: Intent
    amount: Money
    receipt: str
    paid_at: datetime
    phone: str = field(repr=False)
    tries: int = 1
    parked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOrder:
    """One sending that takes a disbursement back."""

    ref: LoanRef
    intent: Intent
    note: str
    tries: int = 1


class LoanPosting:
    """Tells the lender's books; only what is read back counts as done."""

    def __init__(self, partners: GivesLenders, fence: Fence) -> None:
        self._partners = partners
        self._fence = fence

    @activity.defn(name="loan.post")
    async def post(self, order: PostingOrder) -> ProviderReport:
        """Book it, once per sending, then read the loan back. A repeat is read back first."""
        async with beating():
            try:
                books = await self._books(order.ref)
                told = await self._disbursement(books, order)
                again = order.tries > 1 or order.intent.sends > 0
                seen = await looked(books.inquire(told)) if again else silence(Reason.NOT_FOUND)
            except Unreachable:
                return report(order.intent.instruction_id, Source.ACK, NEVER_SENT)
            except (NoCredentials, QuestionRefused, Ambiguous) as no:
                return report(order.intent.instruction_id, Source.ACK, refused(no))
            if speaks(seen):
                return report(order.intent.instruction_id, Source.QUERY, seen)
            return await self._sent(books, told, order)

    @activity.defn(name="loan.look")
    async def look(self, order: PostingOrder) -> ProviderReport:
        """Read the loan back. A parked command that is still not there stays parked."""
        async with beating():
            books = await self._books(order.ref)
            reading = await looked(books.inquire(await self._disbursement(books, order)))
        if order.parked and reading.reason is Reason.NOT_FOUND:
            reading = silence(Reason.PARKED)
        return report(order.intent.instruction_id, Source.QUERY, reading)

    @activity.defn(name="loan.undo")
    async def undo(self, order: UndoOrder) -> ProviderReport:
        """Take the disbursement back, once per sending, then read the loan."""
        named = order.intent.instruction_id
        async with beating():
            try:
                books = await self._books(order.ref)
                await self._lender(order.ref)
            except (NoCredentials, QuestionRefused) as no:
                return report(named, Source.ACK, refused(no))
            if not await self._fence.open(order.intent):
                return report(named, Source.ACK, silence(Reason.DUPLICATE))
            key = f"{ids.parsed(ids.LOAN, order.ref.saga.id).hex}:u{order.tries}"
            taken = Undo(account_id=order.ref.loan_id, idempotency_key=key, note=order.note)
            said = await heard(books.undo_disbursal(taken))
            if said.verdict is Verdict.REFUSED:
                return report(named, Source.ACK, said)
            return report(named, Source.QUERY, await _undone(books, order.ref.loan_id))

    @activity.defn(name="loan.look_undone")
    async def look_undone(self, order: UndoOrder) -> ProviderReport:
        """Whether the loan stands as approved again."""
        async with beating():
            books = await self._books(order.ref)
            reading = await _undone(books, order.ref.loan_id)
        return report(order.intent.instruction_id, Source.QUERY, reading)

    async def _sent(
        self, books: WritesBooks, told: Disbursement, order: PostingOrder
    ) -> ProviderReport:
        return await posted(
            self._fence,
            order.intent,
            about="loan",
            tell=lambda: books.disburse(told),
            look=lambda: books.inquire(told),
        )

    async def _books(self, ref: LoanRef) -> WritesBooks:
        """Raises NoCredentials."""
        return await self._partners.mifos(ref.saga.org_id, ref.saga.livemode)

    async def _lender(self, ref: LoanRef) -> Known:
        """The credential in use; raises QuestionRefused where it leads to other books."""
        saga = ref.saga
        lender = await self._partners.known(saga.org_id, saga.livemode, CredentialKind.MIFOS)
        if not ref.in_books(lender.shown):
            raise QuestionRefused("other books", silence(Reason.CONFIGURATION))
        return lender

    async def _disbursement(self, books: WritesBooks, order: PostingOrder) -> Disbursement:
        """The booking of the day M-Pesa completed it, by the lender's own calendar."""
        saga, lender = order.ref.saga, await self._lender(order.ref)
        on = order.paid_at.astimezone(ZoneInfo(lender.shown.get("zone", "Africa/Nairobi"))).date()
        payment_type = await books.payment_type(lender.shown.get("payment_type", ""))
        if payment_type is None:
            raise QuestionRefused("the payment type is gone", silence(Reason.CONFIGURATION))
        return Disbursement(
            loan_id=order.ref.loan_id,
            on=on,
            amount=order.amount,
            payment_type_id=payment_type,
            receipt=order.receipt,
            external_id=saga.id,
            idempotency_key=ids.fineract_key(
                tenant=order.ref.tenant,
                loan=order.ref.loan_id,
                receipt=order.receipt,
                op="disburse",
                amount_minor=order.amount.minor,
                on=on,
                try_number=order.tries,
            ),
            account_number=order.phone,
            note=f"M-Pesa B2C {order.receipt}",
        )


async def _undone(books: WritesBooks, loan_id: int) -> Reading:
    try:
        loan = await books.loan(loan_id)
    except (QuestionRefused, Unreachable, Ambiguous):
        return silence(Reason.NO_ANSWER)
    if loan is None or loan.status != LoanStatus.APPROVED or loan.disbursed:
        return silence(Reason.NOT_FOUND)
    return Reading(verdict=Verdict.SETTLED, provider_reference=str(loan.id))
