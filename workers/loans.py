"""Everything a loan's workflows call, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.contacts import Contacts
from activities.credential_probes import Address
from activities.fence import Fence
from activities.lending import Lending
from activities.loan_alerts import LoanAlerts
from activities.loan_letters import LoanLetters
from activities.loan_polling import LoanPolling
from activities.loan_posting import LoanPosting
from activities.loan_waking import LoanWaking
from activities.payouts import Payouts
from activities.sagas import Sagas
from ledger import wallets
from runtime.database import Database
from runtime.partners import Partners
from runtime.vault import Vault
from workflows.loan_disbursement import LoanDisbursementWorkflow
from workflows.loan_polling import LoanHintWorkflow, LoanPollingWorkflow
from workflows.loan_reversal import LoanReversalWorkflow

WORKFLOWS: tuple[type, ...] = (
    LoanDisbursementWorkflow,
    LoanReversalWorkflow,
    LoanPollingWorkflow,
    LoanHintWorkflow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loans:
    """The activities of loans."""

    lending: Lending
    payouts: Payouts
    posting: LoanPosting
    letters: LoanLetters
    polling: LoanPolling

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            self.lending.examine,
            self.lending.reserve,
            self.lending.remember,
            self.payouts.pay,
            self.payouts.ask,
            self.payouts.balance,
            self.payouts.details,
            self.posting.post,
            self.posting.look,
            self.posting.undo,
            self.posting.look_undone,
            self.letters.compose,
            self.polling.poll,
            self.polling.hint,
        )


def loans(
    database: Database,
    vault: Vault,
    partners: Partners,
    sagas: Sagas,
    address: Address,
    *,
    scale: float,
) -> Loans:
    """Build them once."""
    fence, contacts = Fence(sagas), Contacts(database, vault)
    return Loans(
        lending=Lending(database, partners),
        payouts=Payouts(partners, fence, address, database, vault),
        posting=LoanPosting(partners, fence),
        letters=LoanLetters(database, partners, contacts, wallets.wallet),
        polling=LoanPolling(
            database,
            vault,
            partners,
            sagas=sagas,
            waking=LoanWaking(database, vault, wallets.wallet),
            alerts=LoanAlerts(database, vault, contacts),
            scale=scale,
        ),
    )
