"""Rules of a wallet: money that comes under our reference, and money that came under none."""

from ledger.chart import partner_receivable, partner_wallet, suspense, suspense_held
from ledger.entry import Backing, Entry, Move, reversed_entry
from ledger.scope import Scope, account_at
from models.places import Place
from models.suspense import (
    CreditSuspended,
    SuspenseClaimed,
    SuspenseRefundPaid,
    SuspenseRefundRefused,
    SuspenseRefundRequested,
)
from models.vault_postings import TopUpCredited, TopUpReversed


def credited(posting: TopUpCredited, scope: Scope) -> tuple[Entry, ...]:
    """The bank or provider holds it and the wallet has it, less what the partner owes us."""
    move = Move(
        debit=account_at(posting.into), credit=partner_wallet(scope.org), amount=posting.amount
    )
    entry = scope.fact(
        f"{posting.topup_id}/credited", move, about=posting.topup_id, backing=_backing(scope)
    )
    return (entry,)


def taken_back(posting: TopUpReversed, scope: Scope) -> tuple[Entry, ...]:
    """The credit turned round; the partner owes what the wallet cannot bear."""
    move = Move(
        debit=account_at(posting.into), credit=partner_wallet(scope.org), amount=posting.amount
    )
    entry = scope.fact(f"{posting.topup_id}/credited", move, about=posting.topup_id)
    return (reversed_entry(entry, event="reversed", backing=_backing(scope)),)


def suspended(posting: CreditSuspended, scope: Scope) -> tuple[Entry, ...]:
    """Ours to hold until two people decide."""
    name = _name(posting.into, posting.receipt.number)
    move = Move(
        debit=account_at(posting.into), credit=suspense(posting.into.rail), amount=posting.amount
    )
    return (scope.fact(f"{name}/suspended", move, about=posting.about),)


def claimed(posting: SuspenseClaimed, scope: Scope) -> tuple[Entry, ...]:
    """The wallet has it, less what the partner owes us."""
    move = Move(
        debit=suspense(posting.into.rail),
        credit=partner_wallet(scope.org),
        amount=posting.amount,
    )
    return (scope.decision(_released(posting), move, about=posting.about, backing=_backing(scope)),)


def refund_requested(posting: SuspenseRefundRequested, scope: Scope) -> tuple[Entry, ...]:
    """Set aside until it is known whether it left."""
    return (_set_aside(posting, scope),)


def refund_refused(posting: SuspenseRefundRefused, scope: Scope) -> tuple[Entry, ...]:
    """It waits in suspense again."""
    return (reversed_entry(_set_aside(posting, scope), event="refund_refused"),)


def refund_paid(posting: SuspenseRefundPaid, scope: Scope) -> tuple[Entry, ...]:
    """It left the place it had come to."""
    name = f"{_name(posting.into, posting.number)}/{posting.decision}"
    move = Move(
        debit=suspense_held(posting.into.rail),
        credit=account_at(posting.into),
        amount=posting.amount,
    )
    return (scope.fact(f"{name}/refund_paid", move, about=posting.about),)


def _set_aside(posting: SuspenseRefundRequested | SuspenseRefundRefused, scope: Scope) -> Entry:
    rail = posting.into.rail
    move = Move(debit=suspense(rail), credit=suspense_held(rail), amount=posting.amount)
    return scope.decision(_released(posting), move, about=posting.about)


def _released(
    posting: SuspenseClaimed | SuspenseRefundRequested | SuspenseRefundRefused,
) -> str:
    """One id for whatever was decided: were it decided both ways, the second is refused."""
    return f"{_name(posting.into, posting.number)}/{posting.decision}/released"


def _name(place: Place, number: str) -> str:
    """The money itself; receipts do not differ by letter case."""
    return f"{place.rail}:{place.account}:{number.strip().upper()}"


def _backing(scope: Scope) -> Backing:
    return Backing(payable=partner_wallet(scope.org), receivable=partner_receivable(scope.org))
