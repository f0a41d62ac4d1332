"""Posting rules: one pure function from an event to its entry (docs/ledger.md has the table)."""

from dataclasses import dataclass
from uuid import UUID

from ledger.chart import (
    Account,
    escrow,
    fees,
    merchant_receivable,
    payable,
    provider_float,
    suspense,
    tax,
)
from ledger.entry import Backing, Entry, Move, reversed_entry
from models.fees import Fee
from models.ids import PLATFORM_ORG, settled_entry, suspense_entry
from models.money import Money
from models.step import CaseKind

#: Kinds of fee and tax a collection takes.
COLLECTION, VAT = "collection", "vat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """Money that arrived in one of our wallets for one attempt, as it arrived."""

    attempt_id: str
    payment_id: str
    org: UUID
    livemode: bool
    provider: str
    wallet: str
    amount: Money
    escrow: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """Money in suspense that a case decides about. `escrow`: whose checkout it was paid in."""

    case_id: str
    payment_id: str
    org: UUID
    livemode: bool
    provider: str
    amount: Money
    escrow: str | None = None


def checkout_settled(arrival: Arrival, fee: Fee) -> Entry:
    """The provider holds the payer's money; the merchant is owed it, less fee and tax.

    An escrow keeps all of it apart, whatever the merchant owes us: its fee is taken at release.
    """
    wallet = provider_float(arrival.provider, arrival.wallet)
    owed = _owed(arrival.org, arrival.escrow)
    return Entry(
        id=settled_entry(arrival.attempt_id),
        org=arrival.org,
        livemode=arrival.livemode,
        moves=(
            Move(debit=wallet, credit=owed, amount=arrival.amount),
            *taken_from_payable(arrival.org, fee),
        ),
        about=arrival.payment_id,
        backing=None if arrival.escrow else merchant_backing(arrival.org),
    )


def money_suspended(arrival: Arrival, cause: CaseKind) -> Entry:
    """Late, second or mismatched money: ours to hold, in its own currency, until a case decides.

    Raises ValueError for a cause that holds no money.
    """
    if not cause.holds_money:
        raise ValueError(f"{cause} holds no money in suspense")
    return Entry(
        id=suspense_entry(arrival.attempt_id, cause),
        org=arrival.org,
        livemode=arrival.livemode,
        moves=(_suspended(arrival.provider, arrival.wallet, arrival.amount),),
        about=arrival.payment_id,
    )


def stray_money(
    *, provider: str, wallet: str, receipt: str, amount: Money, livemode: bool
) -> Entry:
    """Money no attempt of ours asked for: the house holds it."""
    return Entry(
        id=f"{provider}:{wallet}:{receipt}/stray",
        org=PLATFORM_ORG,
        livemode=livemode,
        moves=(_suspended(provider, wallet, amount),),
    )


def suspense_accepted(held: Suspended, fee: Fee) -> Entry:
    """The case gives the money to the merchant, less fee and tax; or to the escrow, whole."""
    owed = _owed(held.org, held.escrow)
    credit = Move(debit=suspense(held.provider), credit=owed, amount=held.amount)
    moves = (credit, *taken_from_payable(held.org, fee))
    backing = None if held.escrow else merchant_backing(held.org)
    return Entry(
        id=f"{held.case_id}/accepted",
        org=held.org,
        livemode=held.livemode,
        moves=moves,
        decided=True,
        about=held.payment_id,
        backing=backing,
    )


def provider_reversal(settled: Entry) -> Entry:
    """The provider took a success back: the settling entry turned round and linked.

    What the payable cannot bear is the merchant's to owe us.
    """
    return reversed_entry(settled, event="reversed", backing=merchant_backing(settled.org))


def taken_from_payable(org: UUID, fee: Fee) -> tuple[Move, ...]:
    """Our fee, and the tax on it, out of what the merchant is owed."""
    owed = payable(org)
    parts = ((fees(COLLECTION), fee.net), (tax(VAT), fee.tax))
    return tuple(
        Move(debit=owed, credit=income, amount=amount) for income, amount in parts if amount.minor
    )


def _suspended(provider: str, wallet: str, amount: Money) -> Move:
    return Move(debit=provider_float(provider, wallet), credit=suspense(provider), amount=amount)


def merchant_backing(org: UUID) -> Backing:
    """What the payable cannot bear the merchant owes us; later credits are netted."""
    return Backing(payable=payable(org), receivable=merchant_receivable(org))


def _owed(org: UUID, kept: str | None) -> Account:
    return payable(org) if kept is None else escrow(org, kept)
