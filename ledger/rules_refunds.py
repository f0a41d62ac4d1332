"""Rules of refunds: set aside, paid out of our wallet, or turned round."""

from ledger.chart import Account, escrow, fees, held, merchant_receivable, payable, tax
from ledger.entry import Backing, Entry, Move, reversed_entry
from ledger.postings import COLLECTION, VAT
from ledger.scope import Scope, account_at, moved
from models.fees import Fee
from models.refund_postings import RefundPaid, RefundRefused, RefundRequested


def requested(posting: RefundRequested, scope: Scope) -> tuple[Entry, ...]:
    """What of our fee is given back comes first: the merchant bears the rest."""
    return (_set_aside(posting, scope),)


def refused(posting: RefundRefused, scope: Scope) -> tuple[Entry, ...]:
    """The request turned round; what the merchant owes us is netted from it."""
    backing = Backing(payable=payable(scope.org), receivable=merchant_receivable(scope.org))
    whose = None if posting.escrow else backing
    return (reversed_entry(_set_aside(posting, scope), event="refused", backing=whose),)


def paid(posting: RefundPaid, scope: Scope) -> tuple[Entry, ...]:
    """It left our wallet."""
    move = Move(debit=held(scope.org), credit=account_at(posting.out_of), amount=posting.amount)
    return (scope.fact(f"{posting.refund_id}/paid", move, about=posting.refund_id),)


def _set_aside(posting: RefundRequested | RefundRefused, scope: Scope) -> Entry:
    source = escrow(scope.org, posting.escrow) if posting.escrow else payable(scope.org)
    hold = Move(debit=source, credit=held(scope.org), amount=posting.amount)
    moves = (*_returned(posting.fee, source), hold)
    return scope.decision(f"{posting.refund_id}/requested", *moves, about=posting.refund_id)


def _returned(fee: Fee | None, owed: Account) -> tuple[Move, ...]:
    parts = ((fees(COLLECTION), fee.net), (tax(VAT), fee.tax)) if fee else ()
    return tuple(
        move for income, amount in parts for move in moved(debit=income, credit=owed, amount=amount)
    )
