"""Money the bank told us of: for a top-up of ours, or for nobody yet."""

from dataclasses import dataclass

from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import SagaRef

BANK_CREDIT = "bank-credit"
#: One receipt told with two amounts: a case that moves no money.
AMOUNT_DIFFERS = "receipt_amount_differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCreditOrder:
    """One credit, however often and in whatever form it is told.

    `reference` is what of ours the payer wrote, if anything; `aliases` are other names of the
    same money. `livemode` is the bank account's mode.
    """

    receipt: str
    bank_reference: str | None
    amount: Money
    into: BankAccount
    evidence_id: str
    livemode: bool
    reference: str | None = None
    aliases: tuple[str, ...] = ()
    source: Source = Source.CALLBACK

    @property
    def workflow_id(self) -> str:
        """One run per receipt and amount: the same receipt with another amount is looked at."""
        told = f"{self.amount.currency}{self.amount.minor}"
        return f"bank/{self.into.bank}/{self.receipt}/{told}"

    def report(self, saga_id: str) -> ProviderReport:
        """The credit as evidence for a saga."""
        return ProviderReport(
            attempt_id=saga_id,
            source=self.source,
            evidence_id=self.evidence_id,
            reading=Reading(
                verdict=Verdict.SETTLED,
                amount=self.amount,
                our_reference=self.reference,
                provider_reference=self.bank_reference or next(iter(self.aliases), None),
                receipt=self.receipt,
            ),
        )

    def claim(self) -> ReceiptClaim:
        """The proof of it, with its other name."""
        others = (self.bank_reference, *self.aliases)
        return ReceiptClaim(
            rail=self.into.bank,
            account=self.into.account,
            number=self.receipt,
            aliases=tuple(one for one in others if one and one != self.receipt),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The top-up a credit names. `open`: it still waits for money."""

    saga: SagaRef
    open: bool
