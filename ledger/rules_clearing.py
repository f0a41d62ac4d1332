"""Rules of a clearing move: left, arrived, or come back."""

from ledger.chart import Account, clearing, costs
from ledger.entry import Entry, Move, reversed_entry
from ledger.scope import Scope, account_at, moved
from models.clearing_postings import (
    ClearingArrived,
    ClearingPosting,
    ClearingReturned,
    ClearingSent,
)


def sent(posting: ClearingSent, scope: Scope) -> tuple[Entry, ...]:
    """It is between the two."""
    return (_left(posting, scope),)


def arrived(posting: ClearingArrived, scope: Scope) -> tuple[Entry, ...]:
    """The other end has what came; what did not come is a cost of the end it left from."""
    way = _way(posting)
    entry = scope.fact(
        f"{posting.move_id}/arrived",
        *moved(debit=account_at(posting.destination), credit=way, amount=posting.came),
        *moved(debit=costs(posting.origin.rail), credit=way, amount=posting.amount - posting.came),
        about=posting.move_id,
    )
    return (entry,)


def returned(posting: ClearingReturned, scope: Scope) -> tuple[Entry, ...]:
    """It is back where it came from."""
    return (reversed_entry(_left(posting, scope), event="returned"),)


def _left(posting: ClearingSent | ClearingReturned, scope: Scope) -> Entry:
    move = Move(debit=_way(posting), credit=account_at(posting.origin), amount=posting.amount)
    return scope.fact(f"{posting.move_id}/sent", move, about=posting.move_id)


def _way(posting: ClearingPosting) -> Account:
    ends = (posting.origin, posting.destination)
    return clearing(*(f"{end.rail}/{end.account}" for end in ends))
