"""Moves and entries. An unbalanced entry cannot be expressed: a move names both its sides."""

from dataclasses import dataclass
from uuid import UUID

from ledger.chart import Account, AccountType, Side
from models.ids import PLATFORM_ORG
from models.money import Money


class BadEntry(ValueError):
    """The entry breaks a rule of double entry; nothing was posted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One amount from the account it credits to the account it debits."""

    debit: Account
    credit: Account
    amount: Money

    def __post_init__(self) -> None:
        if self.amount.minor <= 0:
            raise BadEntry(f"a move of {self.amount} moves nothing")
        if self.debit.name == self.credit.name:
            raise BadEntry(f"{self.debit.name} cannot move to itself")
        if (self.debit.type is AccountType.MEMO) != (self.credit.type is AccountType.MEMO):
            raise BadEntry("memo accounts move with memo accounts only")

    def turned_round(self) -> "Move":
        """The same amount the other way."""
        return Move(debit=self.credit, credit=self.debit, amount=self.amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """Whose shortfall a receivable bears, and whose later credits it is netted from."""

    payable: Account
    receivable: Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One business event. `id` is the smallest thing that happens once, and what happened.

    `decided`: we choose it, so it may not overdraw; otherwise it is an outside fact and posts.
    `about`: the payment it concerns. `reverses`: id of the entry whose moves it turns round.
    """

    id: str
    org: UUID
    livemode: bool
    moves: tuple[Move, ...]
    decided: bool = False
    about: str | None = None
    reverses: str | None = None
    backing: Backing | None = None
    description: str = ""

    def __post_init__(self) -> None:
        if not self.moves:
            raise BadEntry(f"{self.id} moves nothing")
        if len({move.amount.currency for move in self.moves}) > 1:
            raise BadEntry(f"{self.id} mixes currencies")
        if {account.owner for account in self.accounts().values()} - {self.org, PLATFORM_ORG}:
            raise BadEntry(f"{self.id} touches another organisation")

    @property
    def kind(self) -> str:
        """What happened: the last part of the id."""
        return self.id.rpartition("/")[2]

    @property
    def currency(self) -> str:
        """The one currency of all moves."""
        return self.moves[0].amount.currency

    def accounts(self) -> dict[str, Account]:
        """Every account by name, in order of appearance; the backing receivable last."""
        named = {}
        for move in self.moves:
            named[move.debit.name] = move.debit
            named[move.credit.name] = move.credit
        if self.backing is not None:
            receivable = self.backing.receivable
            named.pop(receivable.name, None)
            named[receivable.name] = receivable
        return named


def reversed_entry(entry: Entry, *, event: str, backing: Backing | None = None) -> Entry:
    """The entry turned round and linked to it; an outside fact. An entry is reversed once."""
    return Entry(
        id=f"{entry.id.rpartition('/')[0]}/{event}",
        org=entry.org,
        livemode=entry.livemode,
        moves=tuple(move.turned_round() for move in entry.moves),
        about=entry.about,
        reverses=entry.id,
        backing=backing,
    )


def balances(*entries: Entry) -> dict[str, int]:
    """What the entries leave on each account, in its normal sign."""
    totals: dict[str, int] = {}
    for move in (move for entry in entries for move in entry.moves):
        for account, side in ((move.debit, Side.DEBIT), (move.credit, Side.CREDIT)):
            change = move.amount.minor if account.normal is side else -move.amount.minor
            totals[account.name] = totals.get(account.name, 0) + change
    return totals
