"""What a provider or bank is asked to do with money that lies with it: pay, give back. Pure."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from models.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutOrder:
    """Money to one wallet. `payee` is E.164 without the plus; `purpose` is shown to people.

    `id` is ours and names the order at the provider for ever. `name`: the holder as we know it.
    `result_url` and `timeout_url`: where a provider that answers later is to answer.
    """

    id: str
    amount: Money
    payee: str = field(repr=False)
    purpose: str
    name: str | None = field(default=None, repr=False)
    provider_reference: str | None = None
    result_url: str | None = field(default=None, repr=False)
    timeout_url: str | None = field(default=None, repr=False)


class BankRail(StrEnum):
    """How money reaches another bank. INTERNAL: an account at our own."""

    INTERNAL = "internal"
    PESALINK = "pesalink"
    EFT = "eft"
    RTGS = "rtgs"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankPayoutOrder:
    """Money to one account at a bank.

    `id` is ours: it leads what both statements show. `bank`: the clearing code, for RTGS the
    SWIFT BIC; empty for INTERNAL. `on`: the bank's day on which it was first sent.
    """

    id: str
    rail: BankRail
    amount: Money
    bank: str
    account: str = field(repr=False)
    name: str = field(repr=False)
    purpose: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOrder:
    """A payment given back. `id` is ours.

    `attempt_id`, `paid`, `provider_reference` and `receipt` are those of the payment.
    `result_url` and `timeout_url` as for payouts.
    """

    id: str
    amount: Money
    attempt_id: str
    paid: Money
    provider_reference: str | None = None
    receipt: str | None = None
    result_url: str | None = field(default=None, repr=False)
    timeout_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who holds a wallet, as far as its provider says; None: not said.

    `matches`: whether the name we know is the holder's.
    """

    active: bool | None = None
    name: str | None = field(default=None, repr=False)
    matches: bool | None = None
    within_limits: bool | None = None
