"""Rules of refunds: set aside, paid out, or turned round; and of what was taken back unasked."""

from ledger.chart import (
    Account,
    escrow,
    fees,
    held,
    payable,
    suspense,
    suspense_held,
    tax,
)
from ledger.entry import Entry, Move, reversed_entry
from ledger.postings import COLLECTION, VAT, merchant_backing
from ledger.scope import Scope, account_at, moved
from models.fees import Fee
from models.money import Money
from models.refund_postings import (
    PaymentTakenBack,
    RefundPaid,
    RefundRefused,
    RefundRequested,
    TakenFeeReturned,
)


def requested(posting: RefundRequested, scope: Scope) -> tuple[Entry, ...]:
    """What of our fee is given back comes first: the merchant bears the rest."""
    return (_set_aside(posting, scope),)


def refused(posting: RefundRefused, scope: Scope) -> tuple[Entry, ...]:
    """The request turned round; what the merchant owes us is netted from it."""
    merchants = posting.escrow is None and posting.suspense is None
    whose = merchant_backing(scope.org) if merchants else None
    return (reversed_entry(_set_aside(posting, scope), event="refused", backing=whose),)


def paid(posting: RefundPaid, scope: Scope) -> tuple[Entry, ...]:
    """It left our wallet."""
    wallet = account_at(posting.out_of)
    move = Move(debit=_kept(posting.suspense, scope), credit=wallet, amount=posting.amount)
    return (scope.fact(f"{posting.refund_id}/paid", move, about=posting.refund_id),)


def taken_back(posting: PaymentTakenBack, scope: Scope) -> tuple[Entry, ...]:
    """It left our wallet unasked, what lay in escrow first: the merchant bears the rest.

    Our fee of it goes back.
    """
    owed, wallet = payable(scope.org), account_at(posting.out_of)
    kept = posting.kept or Money(0, posting.amount.currency)
    rest = posting.amount - kept
    source = escrow(scope.org, posting.escrow) if posting.escrow else owed
    entry = scope.fact(
        f"{posting.payment_id}/{posting.number}/taken_back",
        *_returned(posting.fee, owed),
        *moved(debit=source, credit=wallet, amount=kept),
        *moved(debit=owed, credit=wallet, amount=rest),
        about=posting.payment_id,
        backing=merchant_backing(scope.org) if rest.minor else None,
    )
    return (entry,)


def fee_of_taken(posting: TakenFeeReturned, scope: Scope) -> tuple[Entry, ...]:
    """It pays first what the merchant owes us."""
    entry = scope.fact(
        f"{posting.refund_id}/fee_of_taken",
        *_returned(posting.fee, payable(scope.org)),
        about=posting.refund_id,
        backing=merchant_backing(scope.org),
    )
    return (entry,)


def _set_aside(posting: RefundRequested | RefundRefused, scope: Scope) -> Entry:
    source = _source(posting, scope)
    hold = Move(debit=source, credit=_kept(posting.suspense, scope), amount=posting.amount)
    moves = (*_returned(posting.fee, source), hold)
    return scope.decision(f"{posting.refund_id}/requested", *moves, about=posting.refund_id)


def _source(posting: RefundRequested | RefundRefused, scope: Scope) -> Account:
    if posting.suspense:
        return suspense(posting.suspense)
    return escrow(scope.org, posting.escrow) if posting.escrow else payable(scope.org)


def _kept(provider: str | None, scope: Scope) -> Account:
    """Where it waits for its answer: nobody's money is not among the merchant's."""
    return suspense_held(provider) if provider else held(scope.org)


def _returned(fee: Fee | None, owed: Account) -> tuple[Move, ...]:
    parts = ((fees(COLLECTION), fee.net), (tax(VAT), fee.tax)) if fee else ()
    return tuple(
        move for income, amount in parts for move in moved(debit=income, credit=owed, amount=amount)
    )
