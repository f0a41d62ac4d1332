"""What two people decide about a bank credit nobody could be credited with."""

from dataclasses import dataclass
from enum import StrEnum

from models.money import Money
from models.places import BankAccount
from models.suspense import (
    SuspenseClaimed,
    SuspensePosting,
    SuspenseRefundPaid,
    SuspenseRefundRequested,
)

#: The last part of the name of the entry that holds the money (ledger/rules_wallets.py).
_EVENT = "/suspended"


class SuspenseWord(StrEnum):
    """CREDIT: it fills a partner's wallet. REFUNDED: it was sent back by the bank."""

    CREDIT = "credit"
    REFUNDED = "refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspenseDecision:
    """Who decides what about which case, and why. `organisation`: whose wallet, to credit."""

    case_id: str
    livemode: bool
    word: SuspenseWord
    actor: str
    approver: str
    reason: str
    organisation: str | None = None


def held_in(entry_id: str) -> tuple[BankAccount, str]:
    """The account the money came to and the number of its receipt, from the entry's name."""
    bank, account, number = entry_id.removesuffix(_EVENT).split(":", 2)
    return BankAccount(bank=bank, account=account), number


def postings(
    word: SuspenseWord, *, entry_id: str, amount: Money, about: str | None
) -> tuple[SuspensePosting, ...]:
    """What the decision moves; decided both ways, the second is refused by its entry's name."""
    into, number = held_in(entry_id)
    if word is SuspenseWord.CREDIT:
        return (SuspenseClaimed(number=number, amount=amount, into=into, about=about),)
    return (
        SuspenseRefundRequested(number=number, amount=amount, into=into, about=about),
        SuspenseRefundPaid(number=number, amount=amount, into=into, about=about),
    )
