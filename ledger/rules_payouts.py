"""Rules of a payout: set aside, left, let go, or come back."""

from ledger.chart import Account, fees, held, merchant_receivable, payable, tax
from ledger.entry import Backing, Entry, Move, reversed_entry
from ledger.scope import Scope, account_at, moved
from models.fees import Fee
from models.payout_postings import PayoutPaid, PayoutReleased, PayoutRequested, PayoutReturned

#: Kinds of fee and tax a payout takes.
PAYOUT, VAT = "payout", "vat"


def requested(posting: PayoutRequested, scope: Scope) -> tuple[Entry, ...]:
    """Amount and fee are set aside of what the merchant is owed."""
    return (_hold(posting, scope),)


def released(posting: PayoutReleased, scope: Scope) -> tuple[Entry, ...]:
    """The hold turned round, fee and all; what the merchant owes us is netted from it first."""
    return (reversed_entry(_hold(posting, scope), event="released", backing=_backing(scope)),)


def paid(posting: PayoutPaid, scope: Scope) -> tuple[Entry, ...]:
    """Our account paid the amount; the fee is ours, and the state's."""
    ours = held(scope.org)
    entry = scope.fact(
        f"{posting.payout_id}/{posting.hold}/paid",
        Move(debit=ours, credit=account_at(posting.place), amount=posting.amount),
        *_taken(ours, posting.fee),
        about=posting.payout_id,
    )
    return (entry,)


def returned(posting: PayoutReturned, scope: Scope) -> tuple[Entry, ...]:
    """It is back in our account and the merchant's again, and of the fee what is given back."""
    owed = payable(scope.org)
    given_back = _taken(owed, posting.fee) if posting.fee else ()
    entry = scope.fact(
        f"{posting.payout_id}/{posting.hold}/{posting.event}",
        Move(debit=account_at(posting.place), credit=owed, amount=posting.amount),
        *(move.turned_round() for move in given_back),
        about=posting.payout_id,
        backing=_backing(scope),
    )
    return (entry,)


def _hold(posting: PayoutRequested | PayoutReleased, scope: Scope) -> Entry:
    move = Move(
        debit=payable(scope.org),
        credit=held(scope.org),
        amount=posting.amount + posting.fee.total,
    )
    name = f"{posting.payout_id}/{posting.hold}/requested"
    return scope.decision(name, move, about=posting.payout_id)


def _taken(payer: Account, fee: Fee) -> tuple[Move, ...]:
    return (
        *moved(debit=payer, credit=fees(PAYOUT), amount=fee.net),
        *moved(debit=payer, credit=tax(VAT), amount=fee.tax),
    )


def _backing(scope: Scope) -> Backing:
    return Backing(payable=payable(scope.org), receivable=merchant_receivable(scope.org))
