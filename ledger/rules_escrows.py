"""Rules of an escrow: money comes in once, and leaves in parts that never overdraw it."""

from ledger.chart import Account, escrow, payable
from ledger.entry import Entry, Move
from ledger.postings import merchant_backing, taken_from_payable
from ledger.scope import Scope
from models.escrow_postings import EscrowReleased


def released(posting: EscrowReleased, scope: Scope) -> tuple[Entry, ...]:
    """The merchant is owed the part, less its fee and tax, and less what the merchant owes us."""
    move = Move(
        debit=kept(posting.escrow_id, scope), credit=payable(scope.org), amount=posting.amount
    )
    entry = scope.decision(
        f"{posting.escrow_id}/{posting.part}/released",
        move,
        *taken_from_payable(scope.org, posting.fee),
        about=posting.escrow_id,
        backing=merchant_backing(scope.org),
    )
    return (entry,)


def kept(escrow_id: str, scope: Scope) -> Account:
    """The escrow's own account."""
    return escrow(scope.org, escrow_id)
