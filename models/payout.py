"""What a mobile money organisation is asked to do with its own money. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum

from models.money import Money


class TransferKind(StrEnum):
    """Which way an organisation's own money moves.

    TO_PAYOUTS: from its working account to the account a short code pays out of.
    WITHIN: from its collections to its payout account, within one short code.
    """

    TO_PAYOUTS = "to_payouts"
    WITHIN = "within"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payout:
    """Money to one customer. `payee` is E.164 without the plus; `purpose` is shown to people.

    `reference` is ours (`ids.originator_reference`) and stored before the call. The addresses
    are capabilities: whoever knows one may call it.
    """

    instruction_id: str
    reference: str
    amount: Money
    payee: str = field(repr=False)
    purpose: str
    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """The organisation's own money, between its accounts. Not idempotent at the provider."""

    instruction_id: str
    reference: str
    amount: Money
    kind: TransferKind
    to_short_code: str
    purpose: str
    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """Money a customer paid, sent back. `receipt` names the payment; `amount` is all of it."""

    instruction_id: str
    receipt: str
    amount: Money
    purpose: str
    result_url: str = field(repr=False)
    timeout_url: str = field(repr=False)
