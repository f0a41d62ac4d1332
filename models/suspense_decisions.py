"""What two people decide about a bank credit that is nobody's, and about cases without money."""

from dataclasses import dataclass
from enum import StrEnum

from models import saga_states
from models.bank_credit import AMOUNT_DIFFERS
from models.money import Money
from models.places import BankAccount
from models.saga import SagaKind
from models.suspense import (
    SuspenseClaimed,
    SuspensePosting,
    SuspenseRefundPaid,
    SuspenseRefundRequested,
)

#: The last part of the name of the entry that holds the money (ledger/rules_wallets.py).
_EVENT = "/suspended"


class SuspenseWord(StrEnum):
    """CREDIT: it fills a partner's wallet. REFUNDED: it was sent back by the bank.

    DISMISS: a case about a saga that has ended was seen to; it moves nothing.
    """

    CREDIT = "credit"
    REFUNDED = "refunded"
    DISMISS = "dismiss"


#: Cases with money behind them, or with a decision of their own: not to be dismissed.
_KEPT = frozenset({"late_money", "currency_mismatch", "unmatched_credit", "payment_reversed"})


def against_dismissal(kind: str, saga: SagaKind | None, state: str | None) -> str | None:
    """Why a case may not be dismissed; None when it may."""
    if kind == AMOUNT_DIFFERS and saga is None:
        return None
    if kind in _KEPT:
        return f"{kind} is about money: say what became of it"
    if saga is None or state is None or not saga_states.final(saga, state):
        return f"the saga is {state}: decide it, then its cases end"
    if state == "reversal_review":
        return "decide the reversal"
    return None


def against_moving(kind: str, entry_id: str | None) -> str | None:
    """Why a case has no money to give or send back; None when it has.

    A receipt told with two amounts names the entry it differs from, and that is decided elsewhere.
    """
    holds = entry_id is not None and kind != AMOUNT_DIFFERS
    return None if holds else "the case holds no bank credit"


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
