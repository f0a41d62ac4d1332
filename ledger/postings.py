"""Posting rules: one pure function from an event to its entry (docs/ledger.md has the table)."""

from dataclasses import dataclass
from uuid import UUID

from ledger.chart import (
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    """Money in suspense that a case decides about."""

    case_id: str
    payment_id: str
    org: UUID
    livemode: bool
    provider: str
    amount: Money


def checkout_settled(arrival: Arrival, fee: Fee) -> Entry:
    """The provider holds the payer's money; the merchant is owed it, less fee and tax."""
    wallet = provider_float(arrival.provider, arrival.wallet)
    owed = payable(arrival.org)
    return Entry(
        id=settled_entry(arrival.attempt_id),
        org=arrival.org,
        livemode=arrival.livemode,
        moves=(Move(debit=wallet, credit=owed, amount=arrival.amount), *_taken(arrival.org, fee)),
        about=arrival.payment_id,
        backing=_backing(arrival.org),
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
    """The case gives the money to the merchant, less fee and tax."""
    credit = Move(debit=suspense(held.provider), credit=payable(held.org), amount=held.amount)
    moves = (credit, *_taken(held.org, fee))
    return _decision(held, "accepted", moves, backing=_backing(held.org))


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
    return reversed_entry(settled, event="reversed", backing=_backing(settled.org))


def _taken(org: UUID, fee: Fee) -> tuple[Move, ...]:
    owed = payable(org)
    parts = ((fees(COLLECTION), fee.net), (tax(VAT), fee.tax))
    return tuple(
        Move(debit=owed, credit=income, amount=amount) for income, amount in parts if amount.minor
    )


def _suspended(provider: str, wallet: str, amount: Money) -> Move:
    return Move(debit=provider_float(provider, wallet), credit=suspense(provider), amount=amount)


def _backing(org: UUID) -> Backing:
    return Backing(payable=payable(org), receivable=merchant_receivable(org))


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
