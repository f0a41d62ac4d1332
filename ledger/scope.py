"""What every rule of the vault is made of: whose entry it is, and moves that may be none."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from ledger.chart import Account, capital, fees, provider_float, tax, trust_bank
from ledger.entry import Backing, Entry, Move
from models.money import Money
from models.places import BankAccount, Capital, Place
from models.tariff import ChargeLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose entries, in which mode."""

    org: UUID
    livemode: bool

    def fact(
        self,
        entry_id: str,
        *moves: Move,
        about: str | None,
        backing: Backing | None = None,
        decided: bool = False,
    ) -> Entry:
        """An entry about something that happened outside."""
        return Entry(
            id=entry_id,
            org=self.org,
            livemode=self.livemode,
            moves=moves,
            decided=decided,
            about=about,
            backing=backing,
        )

    def decision(
        self, entry_id: str, *moves: Move, about: str | None, backing: Backing | None = None
    ) -> Entry:
        """An entry we choose, which may not overdraw."""
        return self.fact(entry_id, *moves, about=about, backing=backing, decided=True)


def moved(*, debit: Account, credit: Account, amount: Money | None) -> tuple[Move, ...]:
    """One move, or none of nothing. Raises BadEntry below zero."""
    if amount is None or amount.minor == 0:
        return ()
    return (Move(debit=debit, credit=credit, amount=amount),)


def taken(payer: Account, lines: Iterable[ChargeLine]) -> tuple[Move, ...]:
    """Charges become income, and tax owed."""
    return tuple(
        move
        for line in lines
        for income, amount in ((fees(line.code.fee_kind), line.net), (tax(line.tax_kind), line.tax))
        for move in moved(debit=payer, credit=income, amount=amount)
    )


def account_at(place: Place | Capital) -> Account:
    """The account of our own money there."""
    if isinstance(place, Capital):
        return capital()
    if isinstance(place, BankAccount):
        return trust_bank(place.bank, place.account)
    return provider_float(place.provider, place.wallet)
