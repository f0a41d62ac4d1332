"""What mobile money tells us beside the verdict: balances, dates, names. Pure.

Times are UTC. A name or a phone never prints. None: the message did not say.
"""

from dataclasses import dataclass, field
from datetime import datetime

from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBalance:
    """What an organisation may spend from one of its accounts. Charges may stand below zero."""

    account: str
    available: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutDetails:
    """A payout as its result tells it. `receiver` is the name the provider has for the payee.

    `charges` is the account the provider takes its fees from, not one fee.
    """

    receipt: str | None
    amount: Money | None
    completed_at: datetime | None
    receiver: str | None = field(repr=False)
    registered: bool | None
    utility: Money | None
    working: Money | None
    charges: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDetails:
    """A movement between organisations as its result tells it. `fee` is what this one cost."""

    receipt: str | None
    amount: Money | None
    completed_at: datetime | None
    fee: Money | None
    balances: tuple[AccountBalance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusDetails:
    """An earlier transaction as the answer to our question tells it.

    Both references are the transaction's, never the question's. `receiver` and `payer` are
    names; `status` is the provider's word.
    """

    our_reference: str | None
    provider_reference: str | None
    receipt: str | None
    status: str | None
    amount: Money | None
    initiated_at: datetime | None
    completed_at: datetime | None
    receiver: str | None = field(repr=False)
    payer: str | None = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaybillPayment:
    """Money a customer paid by the menu. `receipt` makes it one of a kind.

    `phone` is masked or hashed by the provider: never a key. `third_party_id` is what we
    answered the validation with; `balance` the organisation's, not told before money moves.
    """

    kind: str | None
    receipt: str
    amount: Money
    paid_at: datetime | None
    short_code: str | None
    bill_reference: str | None = field(repr=False)
    invoice: str | None
    third_party_id: str | None
    phone: str | None = field(repr=False)
    first_name: str | None = field(repr=False)
    middle_name: str | None = field(repr=False)
    last_name: str | None = field(repr=False)
    balance: Money | None

    @property
    def name(self) -> str | None:
        """The names that were told, in order; None where none was."""
        told = (self.first_name, self.middle_name, self.last_name)
        return " ".join(name for name in told if name) or None
