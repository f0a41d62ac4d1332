"""Rules of the partner's own pay bill and B2C account: memo moves only, nothing is ours."""

from ledger.chart import Mirror, mirror
from ledger.entry import Entry
from ledger.scope import Scope, moved
from models.money import Money
from models.vault_postings import (
    CollectionPosted,
    CollectionReceived,
    CollectionReversed,
    CollectionSwept,
    MirrorObserved,
)


def received(posting: CollectionReceived, scope: Scope) -> tuple[Entry, ...]:
    """On the pay bill, for nobody yet."""
    where = f"{posting.collection_id}/received"
    return _move(scope, where, posting.amount, Mirror.PAYBILL, Mirror.SUSPENSE)


def posted(posting: CollectionPosted, scope: Scope) -> tuple[Entry, ...]:
    """Mifos X knows whose it is."""
    where = f"{posting.collection_id}/{posting.part}/posted"
    return _move(scope, where, posting.amount, Mirror.SUSPENSE, Mirror.COLLECTIONS)


def taken_back(posting: CollectionReversed, scope: Scope) -> tuple[Entry, ...]:
    """Gone from the pay bill, and from where it was counted."""
    counted = Mirror.COLLECTIONS if posting.posted else Mirror.SUSPENSE
    where = f"{posting.collection_id}/{posting.event}"
    return _move(scope, where, posting.amount, counted, Mirror.PAYBILL)


def swept(posting: CollectionSwept, scope: Scope) -> tuple[Entry, ...]:
    """The partner's money went on to its bank, or M-Pesa took a fee."""
    told = posting.receipt
    where = f"{told.rail}:{told.account}:{told.number.strip().upper()}/swept"
    return _move(scope, where, posting.amount, Mirror.COLLECTIONS, Mirror.PAYBILL)


def observed(posting: MirrorObserved, scope: Scope) -> tuple[Entry, ...]:
    """The mirror follows what the provider reports; what stands against it takes the rest."""
    seen = Mirror(posting.account)
    against = Mirror.COLLECTIONS if seen is Mirror.PAYBILL else Mirror.B2C_OWNED
    more = posting.difference.minor > 0
    amount = Money(abs(posting.difference.minor), posting.difference.currency)
    debit, credit = (seen, against) if more else (against, seen)
    return _move(scope, f"{posting.observation_id}/observed", amount, debit, credit)


def _move(
    scope: Scope, entry_id: str, amount: Money, debit: Mirror, credit: Mirror
) -> tuple[Entry, ...]:
    """One memo move; nothing for nothing. What it is about begins its id."""
    moves = moved(debit=mirror(scope.org, debit), credit=mirror(scope.org, credit), amount=amount)
    if not moves:
        return ()
    return (scope.fact(entry_id, *moves, about=entry_id.partition("/")[0]),)
