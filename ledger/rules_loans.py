"""Rules of a loan: charges are ours and move money, the loan is the partner's and moves the mirror.

Where an event moves both, the mirror's entry comes first (ledger/vault_booking.py says why).
"""

from ledger.chart import Mirror, mirror, partner_wallet, partner_wallet_held
from ledger.entry import Entry, reversed_entry
from ledger.scope import Scope, moved, taken
from models.money import Money
from models.tariff import total_of
from models.vault_postings import LoanAccepted, LoanPaid, LoanRefused, LoanReversed


def accepted(posting: LoanAccepted, scope: Scope) -> tuple[Entry, ...]:
    """The charges, and only they, are set aside; a free loan sets nothing aside."""
    return _hold(posting.loan_id, posting.hold, posting.charges, scope)


def refused(posting: LoanRefused, scope: Scope) -> tuple[Entry, ...]:
    """The hold turned round."""
    held = _hold(posting.loan_id, posting.hold, posting.charges, scope)
    return tuple(reversed_entry(entry, event="refused") for entry in held)


def paid(posting: LoanPaid, scope: Scope) -> tuple[Entry, ...]:
    """The mirror loses what M-Pesa paid and took; charges are taken and the rest is let go."""
    owned, where = mirror(scope.org, Mirror.B2C_OWNED), f"{posting.loan_id}/{posting.hold}"
    shadow = scope.fact(
        f"{where}/paid_mirror",
        *moved(debit=owned, credit=mirror(scope.org, Mirror.B2C_FLOAT), amount=posting.amount),
        *moved(
            debit=owned, credit=mirror(scope.org, Mirror.B2C_CHARGES), amount=posting.provider_fee
        ),
        about=posting.loan_id,
    )
    held = partner_wallet_held(scope.org)
    rest = posting.held - total_of(posting.charges, posting.held.currency)
    money = (
        *taken(held, posting.charges),
        *moved(debit=held, credit=partner_wallet(scope.org), amount=rest),
    )
    if not money:
        return (shadow,)
    return shadow, scope.fact(f"{where}/paid", *money, about=posting.loan_id)


def taken_back(posting: LoanReversed, scope: Scope) -> tuple[Entry, ...]:
    """M-Pesa put the amount back; charges return to the wallet where policy says so."""
    shadow = scope.fact(
        f"{posting.loan_id}/reversed_mirror",
        *moved(
            debit=mirror(scope.org, Mirror.B2C_FLOAT),
            credit=mirror(scope.org, Mirror.B2C_OWNED),
            amount=posting.amount,
        ),
        about=posting.loan_id,
    )
    wallet = partner_wallet(scope.org)
    returned = tuple(move.turned_round() for move in taken(wallet, posting.returned))
    if not returned:
        return (shadow,)
    return shadow, scope.fact(f"{posting.loan_id}/reversed", *returned, about=posting.loan_id)


def _hold(loan_id: str, number: int, charges: Money, scope: Scope) -> tuple[Entry, ...]:
    moves = moved(
        debit=partner_wallet(scope.org), credit=partner_wallet_held(scope.org), amount=charges
    )
    if not moves:
        return ()
    return (scope.decision(f"{loan_id}/{number}/accepted", *moves, about=loan_id),)
