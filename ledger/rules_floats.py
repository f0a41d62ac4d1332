"""Rules of a float purchase: held, on its way, credited or sent back."""

from ledger.chart import (
    Account,
    Mirror,
    clearing,
    costs,
    mirror,
    partner_wallet,
    partner_wallet_held,
    trust_bank,
)
from ledger.entry import Entry, Move, reversed_entry
from ledger.scope import Scope, moved, taken
from models.places import BankAccount
from models.tariff import total_of
from models.vault_postings import (
    FloatApproved,
    FloatCredited,
    FloatHoldReleased,
    FloatSentBack,
    FloatTakenBack,
    FloatTransferConfirmed,
)


def approved(posting: FloatApproved, scope: Scope) -> tuple[Entry, ...]:
    """Float and charges are set aside."""
    return (_hold(posting, scope),)


def hold_released(posting: FloatHoldReleased, scope: Scope) -> tuple[Entry, ...]:
    """No money left the pool account: the hold turned round."""
    return (reversed_entry(_hold(posting, scope), event="hold_released"),)


def transferred(posting: FloatTransferConfirmed, scope: Scope) -> tuple[Entry, ...]:
    """The pool account paid the float and the bank's price; the float is on its way."""
    pool = trust_bank(posting.pool.bank, posting.pool.account)
    entry = scope.fact(
        f"{posting.purchase_id}/transferred",
        *moved(debit=_way(posting.pool, posting.short_code), credit=pool, amount=posting.amount),
        *moved(debit=costs(posting.pool.bank), credit=pool, amount=posting.cost),
        about=posting.purchase_id,
    )
    return (entry,)


def credited(posting: FloatCredited, scope: Scope) -> tuple[Entry, ...]:
    """The partner's own account has the float, so its mirror grows; the hold is used up."""
    named = _ordered(posting)
    shadow = scope.fact(
        f"{named}/credited_mirror",
        *moved(
            debit=mirror(scope.org, Mirror.B2C_FLOAT),
            credit=mirror(scope.org, Mirror.B2C_OWNED),
            amount=posting.amount,
        ),
        about=posting.purchase_id,
    )
    held, pool = partner_wallet_held(scope.org), trust_bank(posting.pool.bank, posting.pool.account)
    spent = _way(posting.pool, posting.short_code) if posting.transferred else pool
    money = scope.fact(
        f"{named}/credited",
        *moved(debit=held, credit=spent, amount=posting.amount),
        *moved(debit=costs(posting.pool.bank), credit=pool, amount=posting.cost),
        *taken(held, posting.charges),
        about=posting.purchase_id,
    )
    return shadow, money


def taken_back(posting: FloatTakenBack, scope: Scope) -> tuple[Entry, ...]:
    """It never came: what was credited is turned round, so the hold stands again."""
    stood = FloatCredited(
        purchase_id=posting.purchase_id,
        amount=posting.amount,
        charges=posting.charges,
        pool=posting.pool,
        short_code=posting.short_code,
        transferred=posting.transferred,
        order=posting.order,
    )
    shadow, money = credited(stood, scope)
    return (
        reversed_entry(shadow, event="uncredited_mirror"),
        reversed_entry(money, event="uncredited"),
    )


def sent_back(posting: FloatSentBack, scope: Scope) -> tuple[Entry, ...]:
    """The pool account has the float again and the wallet all that was held; the cost is ours."""
    pool = trust_bank(posting.pool.bank, posting.pool.account)
    entry = scope.fact(
        f"{posting.purchase_id}/returned",
        *moved(debit=pool, credit=_way(posting.pool, posting.short_code), amount=posting.amount),
        _set_aside(posting, scope).turned_round(),
        about=posting.purchase_id,
    )
    return (entry,)


def _hold(posting: FloatApproved | FloatHoldReleased, scope: Scope) -> Entry:
    return scope.decision(
        f"{posting.purchase_id}/approved", _set_aside(posting, scope), about=posting.purchase_id
    )


def _set_aside(posting: FloatApproved | FloatHoldReleased | FloatSentBack, scope: Scope) -> Move:
    return Move(
        debit=partner_wallet(scope.org),
        credit=partner_wallet_held(scope.org),
        amount=posting.amount + total_of(posting.charges, posting.amount.currency),
    )


def _ordered(posting: FloatCredited) -> str:
    number = "" if posting.order == 1 else f"/{posting.order}"
    return f"{posting.purchase_id}{number}"


def _way(pool: BankAccount, short_code: str) -> Account:
    return clearing(f"{pool.bank}/{pool.account}", f"mpesa/{short_code}")
