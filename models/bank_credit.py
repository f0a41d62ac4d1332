"""Money the bank told us of: for a top-up of ours, or for nobody yet."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from models.banking import words_like
from models.money import Money
from models.places import BankAccount, ReceiptClaim
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import SagaRef

BANK_CREDIT = "bank-credit"
#: One receipt told with two amounts: a case that moves no money.
AMOUNT_DIFFERS = "receipt_amount_differs"
#: How instructions of ours are called in a bank's books: by id, or by our reference.
_OURS = re.compile(r"ins_[0-9a-z]{26}|K[0-9A-Z]{18}")


def instructions_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Every word that may name an instruction of ours, upper case; the rows say whether it does."""
    return tuple(sorted(words_like(texts, _OURS)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The saga a credit names. `open`: it still waits for money, or for what became of its own.

    `about`: the instruction whose money it is, where it is not the saga's own reference that was
    written. `back`: our own money came back, and did not arrive. `hint`: the saga asks its bank
    before it believes that. `listens`: its run may go on after the saga has ended.
    """

    saga: SagaRef
    open: bool
    about: str | None = None
    back: bool = False
    hint: bool = False
    listens: bool = False

    @property
    def hears(self) -> bool:
        """True when its run is told of the credit."""
        return self.open or self.listens


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCreditOrder:
    """One credit, however often and in whatever form it is told.

    `reference` is what of ours the payer wrote, if anything; `names` are words that may name an
    instruction of ours; `aliases` are other names of the same money. `livemode` is the bank
    account's mode.
    """

    receipt: str
    bank_reference: str | None
    amount: Money
    into: BankAccount
    evidence_id: str
    livemode: bool
    reference: str | None = None
    names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    source: Source = Source.CALLBACK

    @property
    def workflow_id(self) -> str:
        """One run per receipt and amount: the same receipt with another amount is looked at."""
        told = f"{self.amount.currency}{self.amount.minor}"
        return f"bank/{self.into.bank}/{self.receipt}/{told}"

    def report(self, owner: Owner) -> ProviderReport:
        """The credit as evidence for a saga: money arrived, or its own came back."""
        return ProviderReport(
            attempt_id=owner.about or owner.saga.id,
            source=self.source,
            evidence_id=self.evidence_id,
            hint=owner.hint,
            reading=Reading(
                verdict=Verdict.REFUSED if owner.back else Verdict.SETTLED,
                reason=Reason.REVERSED if owner.back else None,
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
