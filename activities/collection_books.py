"""What posting a collection needs of a lender's books."""

from typing import Protocol, TypeAlias

from activities.account_matching import FindsAccounts
from activities.lending import Known
from models.credentials import CredentialKind
from models.lender_orders import Deposit, Repayment, Undo
from models.reading import Reading

Entering: TypeAlias = Repayment | Deposit


class TakesPayments(FindsAccounts, Protocol):
    """A lender's books. Commands raise Unreachable or Ambiguous; questions QuestionRefused too."""

    async def repay(self, order: Repayment) -> Reading:
        """Book a repayment."""
        ...

    async def deposit(self, order: Deposit) -> Reading:
        """Book a deposit."""
        ...

    async def undo_transaction(self, order: Undo) -> Reading:
        """Take a repayment back."""
        ...

    async def undo_deposit(self, order: Undo) -> Reading:
        """Take a deposit back."""
        ...

    async def inquire(self, order: Entering) -> Reading:
        """What the books say about an order."""
        ...

    async def payment_type(self, name: str) -> int | None:
        """The id of a payment type that is not cash."""
        ...


class GivesPayments(Protocol):
    """Where a partner's credentials are kept. Both raise NoCredentials."""

    async def mifos(self, org_id: str, livemode: bool) -> TakesPayments:  # noqa: FBT001 - the second half of the scope
        """The lender's books."""
        ...

    async def known(self, org_id: str, livemode: bool, kind: CredentialKind) -> Known:  # noqa: FBT001 - as above
        """A credential in use, without its secrets."""
        ...
