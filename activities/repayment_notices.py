"""Repayments entered at the lender by hand: the client is told, once, after they were read back."""

from typing import TYPE_CHECKING, Protocol

from temporalio import activity

from activities import message_rows
from activities.account_matching import FindsAccounts
from activities.languages import chosen
from activities.lending import Known
from activities.messages import sealed
from activities.pulse import beating
from models import ids
from models.credentials import CredentialKind, NoCredentials
from models.lending import Loan, LoanTransaction
from models.loan_preflight import kenyan_mobile
from models.messages import Notice
from models.repayment_hint import RepaymentHint

if TYPE_CHECKING:
    from runtime.database import Database
    from runtime.vault import Vault

#: What we posted ourselves is told by its own saga.
_OURS = """
select 1 from sagas where kind = 'c2b_receipt' and data->>'receipt' = any(%s) limit 1"""


class GivesLoans(Protocol):
    """Where a partner's credentials are kept. Both raise NoCredentials."""

    async def mifos(self, org_id: str, livemode: bool) -> FindsAccounts:  # noqa: FBT001 - the second half of the scope
        """The lender's books."""
        ...

    async def known(self, org_id: str, livemode: bool, kind: CredentialKind) -> Known:  # noqa: FBT001 - as above
        """A credential in use, without its secrets."""
        ...


class RepaymentNotices:
    """Tells clients of repayments that did not come through us."""

    def __init__(self, database: "Database", vault: "Vault", partners: GivesLoans) -> None:
        self._database = database
        self._vault = vault
        self._partners = partners

    @activity.defn(name="repayment.tell")
    async def tell(self, hint: RepaymentHint) -> str:
        """Read it back and tell the client; in a word, what was done. Repeats tell nothing more.

        Raises QuestionRefused, Unreachable or Ambiguous while the books are silent.
        """
        async with beating():
            try:
                books = await self._partners.mifos(hint.org_id, hint.livemode)
                lender = await self._partners.known(
                    hint.org_id, hint.livemode, CredentialKind.MIFOS
                )
            except NoCredentials:
                return "no lender"
            loan = await books.loan(hint.loan_id)
            line = _line(loan, hint.transaction_id)
            if loan is None or line is None:
                return "not in the books"
            client = await books.client(loan.client_id) if loan.client_id else None
        phone = kenyan_mobile(client.mobile) if client else None
        if phone is None:
            return "no phone"
        tenant = str(lender.shown.get("tenant", "default"))
        return await self._told(hint, _notice(hint, loan, line, phone, tenant), line)

    async def _told(self, hint: RepaymentHint, notice: Notice, line: LoanTransaction) -> str:
        org = ids.parsed(ids.ORG, hint.org_id)
        async with self._database.scoped(org, hint.livemode) as connection:
            languages = await chosen(connection)
        message = await sealed(
            self._vault, org, livemode=hint.livemode, notice=notice, languages=languages
        )
        names = [name for name in (line.external_id, line.receipt) if name]
        async with self._database.scoped(org, hint.livemode) as connection:
            if await (await connection.execute(_OURS, [names])).fetchone() is not None:
                return "posted by us"
            await message_rows.queue(connection, message)
        return "told"


def _line(loan: Loan | None, transaction_id: int) -> LoanTransaction | None:
    """The repayment, as it stands."""
    lines = (loan.transactions if loan else None) or ()
    found = next((line for line in lines if line.id == transaction_id), None)
    stands = found is not None and found.kind == "repayment" and not found.reversed
    return found if stands else None


def _notice(
    hint: RepaymentHint, loan: Loan, line: LoanTransaction, phone: str, tenant: str
) -> Notice:
    facts = {
        "amount": str(line.amount) if line.amount else "your payment",
        "receipt": line.receipt or line.external_id or str(line.id),
        "account": loan.account_no,
    }
    if loan.outstanding is not None:
        facts["balance"] = str(loan.outstanding)
    key = f"mifos/{tenant}/{hint.loan_id}/{line.id}"
    return Notice(event="repayment_posted", key=key, to_phone=phone, facts=facts, about=key)
