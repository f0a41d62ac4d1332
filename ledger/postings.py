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
    suspense_held,
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
    return _decision(held, "accepted", moves, backing=backing)


def suspense_refund_requested(held: Suspended) -> Entry:
    """The case gives the money back: set aside until the provider's answer is known."""
    move = Move(
        debit=suspense(held.provider), credit=suspense_held(held.provider), amount=held.amount
    )
    return _decision(held, "refund_requested", (move,))


def suspense_refund_paid(held: Suspended, wallet: str) -> Entry:
    """The provider gave the money back to the payer."""
    move = Move(
        debit=suspense_held(held.provider),
        credit=provider_float(held.provider, wallet),
        amount=held.amount,
    )
    return _decision(held, "refund_paid", (move,), decided=False)


def suspense_refund_refused(held: Suspended) -> Entry:
    """The provider would not give it back: it waits in suspense again."""
    return reversed_entry(suspense_refund_requested(held), event="refund_refused")


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


def _decision(
    held: Suspended,
    event: str,
    moves: tuple[Move, ...],
    *,
    decided: bool = True,
    backing: Backing | None = None,
) -> Entry:
    return Entry(
        id=f"{held.case_id}/{event}",
        org=held.org,
        livemode=held.livemode,
        moves=moves,
        decided=decided,
        about=held.payment_id,
        backing=backing,
    )
