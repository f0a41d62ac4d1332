"""Letters of a loan: who is told what, with the addresses and balances of the moment."""

from datetime import date
from typing import TYPE_CHECKING, Protocol

from temporalio import activity

from activities.loan_waking import ReadsWallet
from models import ids
from models.credentials import NoCredentials
from models.lending import Loan
from models.loan import ParkReason
from models.loan_calls import Letter
from models.messages import Notice
from models.money import Money
from providers.contract import ProviderError, QuestionRefused

if TYPE_CHECKING:
    from activities.contacts import Contacts
    from runtime.database import Database

#: Parked for one of these, the partner has a sentence of its own to read.
_PARKED = {ParkReason.WALLET: "loan_parked_wallet", ParkReason.FLOAT: "loan_parked_float"}
#: What to do about the others.
_REMEDIES = {
    ParkReason.PHONE: "enter the client's Kenyan mobile number in Mifos X",
    ParkReason.CLIENT: "activate the client in Mifos X",
    ParkReason.PRODUCT: "enable the product again",
    ParkReason.CREDENTIALS: "check the credentials and the user's permissions",
    ParkReason.LIMITS: "raise the limit, or pay it by hand",
    ParkReason.MIFOS_CALENDAR: "nothing, unless the calendar in Mifos X is wrong",
    ParkReason.MPESA: "nothing, it goes on by itself",
    ParkReason.TARIFF: "ask us for a tariff",
}
_BY_HAND = "pay it by hand in Mifos X"


class ReadsLoans(Protocol):
    """A lender's books."""

    async def loan(self, loan_id: int) -> Loan | None:
        """A loan with its schedule. Raises QuestionRefused, Unreachable or Ambiguous."""
        ...


class GivesBooks(Protocol):
    """Where a partner's credentials are kept."""

    async def mifos(self, org_id: str, livemode: bool) -> ReadsLoans:  # noqa: FBT001 - the second half of the scope
        """The lender's books. Raises NoCredentials."""
        ...


class LoanLetters:
    """Composes notices; they are queued by the step that tells them."""

    def __init__(
        self, database: "Database", partners: GivesBooks, contacts: "Contacts", wallet: ReadsWallet
    ) -> None:
        self._database = database
        self._partners = partners
        self._contacts = contacts
        self._wallet = wallet

    @activity.defn(name="loan.letters")
    async def compose(self, letter: Letter) -> tuple[Notice, ...]:
        """The notices of one event. A lender that is silent costs the date, never the message."""
        saga = letter.ref.saga
        org = ids.parsed(ids.ORG, saga.org_id)
        async with self._database.scoped(org, saga.livemode) as connection:
            currency = letter.amount.currency if letter.amount else "KES"
            wallet = await self._wallet(connection, org, currency)
        people = await self._contacts.active(org, livemode=saga.livemode)
        event, facts = _to_partner(letter, wallet.available)
        told = [
            Notice(
                event=event,
                key=letter.key,
                to_phone=person.phone,
                to_email=person.email,
                facts=facts,
                about=saga.id,
            )
            for person in people
        ]
        if letter.kind == "disbursed" and letter.phone:
            told.append(await self._to_client(letter))
        return tuple(told)

    async def _to_client(self, letter: Letter) -> Notice:
        due = await self._next_due(letter)
        return Notice(
            event="loan_disbursed_client",
            key=letter.key,
            to_phone=letter.phone,
            facts={
                "amount": str(letter.amount),
                "receipt": letter.receipt,
                "next_repayment": f"{due:%d/%m/%Y}" if due else "",
            },
            about=letter.ref.saga.id,
        )

    async def _next_due(self, letter: Letter) -> date | None:
        saga = letter.ref.saga
        try:
            books = await self._partners.mifos(saga.org_id, saga.livemode)
            loan = await books.loan(letter.ref.loan_id)
        except (NoCredentials, QuestionRefused, ProviderError) as error:
            activity.logger.warning("the next repayment is not known: %s", error)
            return None
        return loan.schedule.next_due_on if loan else None


def _to_partner(letter: Letter, balance: Money) -> tuple[str, dict[str, str]]:
    facts = {"loan": letter.account_no, "client": letter.client or "a client"}
    if letter.kind == "disbursed":
        paid = {"amount": str(letter.amount), "receipt": letter.receipt, "balance": str(balance)}
        return "loan_disbursed_partner", {**facts, **paid}
    if letter.kind == "failed":
        return "loan_failed", {**facts, "amount": str(letter.amount), "reason": letter.why}
    event = _PARKED.get(letter.parked_for) if letter.parked_for else None
    if event is None:
        return "system_error", _waiting(letter)
    has = balance if letter.parked_for is ParkReason.WALLET else letter.balance
    return event, {
        **facts,
        "needed": str(letter.needed or letter.amount),
        "balance": str(has) if has else "an amount M-Pesa did not tell",
    }


def _waiting(letter: Letter) -> dict[str, str]:
    remedy = _REMEDIES.get(letter.parked_for, _BY_HAND) if letter.parked_for else _BY_HAND
    return {
        "what": f"Loan {letter.account_no} waits: {letter.why or letter.parked_for}",
        "affected": letter.client or "one loan",
        "action": remedy,
    }
