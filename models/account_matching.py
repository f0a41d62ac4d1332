"""Whose payment is it? From what the payer typed to one loan or savings account. Pure.

People type `1` for `000000001`, add spaces and dashes, or type their phone. A number is unique
within its kind only, so everything it may name is collected, and where that leads to more than
one account, people decide.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from models.lending import Client, Loan, LoanStatus, Savings
from models.loan_preflight import kenyan_mobile

_DECORATION = re.compile(r"[\s\-#/._]+")
_PREFIXED = re.compile(r"([LS])0*(\d+)")
_HASHED = re.compile(r"[0-9a-f]{64}")


class TargetKind(StrEnum):
    """What a payment can be posted to."""

    LOAN = "loan"
    SAVINGS = "savings"


class Unmatched(StrEnum):
    """Why nobody can be credited by rule."""

    NOTHING_TYPED = "nothing_typed"
    NO_ACCOUNT = "no_account"
    AMBIGUOUS = "ambiguous"
    NOT_ACTIVE = "not_active"
    NO_SINGLE_LOAN = "no_single_loan"
    CURRENCY = "currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One account. `active`: it takes payments now."""

    kind: TargetKind
    id: int
    account_no: str
    client_id: int | None = None
    active: bool = True
    currency: str = "KES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A client that what was typed, or the payer's phone, may name, with what they hold."""

    client: Client = field(repr=False)
    loans: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """All that the lender's books hold near what was typed. `payers`: found by phone alone."""

    loans: tuple[Loan, ...] = ()
    savings: tuple[Savings, ...] = ()
    owners: tuple[Owner, ...] = ()
    payers: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where it belongs, or why that is not known. `rung` says how it was found."""

    target: Target | None = None
    rung: str = ""
    why: Unmatched | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A bill reference as it is compared: decoration gone, upper case, no leading zeros.

    `kind` where a prefix names it: L12 is loan 12, S12 savings account 12.
    """

    whole: str
    number: str
    kind: TargetKind | None = None

    @property
    def padded(self) -> str:
        """An account number as the books write it: nine digits."""
        return self.number.zfill(9) if self.number.isdecimal() else self.number


def typed(reference: str | None) -> Typed:
    """Read what the payer typed."""
    whole = _DECORATION.sub("", reference or "").upper()
    prefixed = _PREFIXED.fullmatch(whole)
    if prefixed is None:
        return Typed(whole=whole, number=_bare(whole))
    kind = TargetKind.LOAN if prefixed[1] == "L" else TargetKind.SAVINGS
    return Typed(whole=whole, number=_bare(prefixed[2]), kind=kind)


def matched(said: Typed, books: Candidates, *, payer: str | None, currency: str) -> Match:
    """The one account it belongs to, rung by rung.

    `payer` is the payer's phone as told: in clear, hashed or masked. Only what is told in clear
    or hashed says who pays.
    """
    if not said.whole and payer is None:
        return Match(why=Unmatched.NOTHING_TYPED)
    named = _named(said, books)
    if named:
        return _only(named, currency)
    paid = [(one, "payer") for one in _of_payer(books.payers, payer)]
    return _only(paid, currency) if paid else Match(why=Unmatched.NO_ACCOUNT)


def of_loan(loan: Loan) -> Target:
    """A loan as something to pay into."""
    return Target(
        kind=TargetKind.LOAN,
        id=loan.id,
        account_no=loan.account_no,
        client_id=loan.client_id,
        active=loan.status == LoanStatus.ACTIVE,
        currency=loan.currency,
    )


def of_savings(account: Savings) -> Target:
    """A savings account as something to pay into."""
    return Target(
        kind=TargetKind.SAVINGS,
        id=account.id,
        account_no=account.account_no,
        client_id=account.client_id,
        active=account.active,
        currency=account.currency,
    )


def same_payer(told: str | None, mobile: str | None) -> bool:
    """Whether the payer's phone is this one. A masked number says nothing."""
    ours = kenyan_mobile(mobile)
    if told is None or ours is None:
        return False
    if _HASHED.fullmatch(told.lower()):
        return told.lower() == hashlib.sha256(ours.encode()).hexdigest()
    return kenyan_mobile(told) == ours


def shown_reference(reference: str | None) -> str:
    """What was typed, for people to work with; a phone number only by its end."""
    whole = " ".join((reference or "").split())[:40]
    phone = kenyan_mobile(whole)
    return f"phone …{phone[-3:]}" if phone else whole


_Ways = list[tuple[Target | None, str]]


def _named(said: Typed, books: Candidates) -> _Ways:
    """Every account that what was typed may name, with the rung it stands on."""
    if not said.whole:
        return []
    loans = [
        (of_loan(one), way) for one in books.loans if (way := _way(said, one, TargetKind.LOAN))
    ]
    held = [
        (of_savings(one), way)
        for one in books.savings
        if (way := _way(said, one, TargetKind.SAVINGS))
    ]
    owners = [one for one in books.owners if said.kind is None and _is_client(said, one.client)]
    return [*loans, *held, *((_single(one.loans), "client") for one in owners)]


def _way(said: Typed, account: Loan | Savings, kind: TargetKind) -> str | None:
    """How it is named: by its number, or by the lender's own name for it."""
    if said.kind in {None, kind} and _bare(account.account_no) == said.number:
        return f"{kind} number"
    theirs = typed(account.external_id).whole
    return f"{kind} external id" if theirs and theirs == said.whole else None


def _is_client(said: Typed, client: Client) -> bool:
    names = {_bare(client.account_no), _bare(typed(client.external_id).whole)} - {""}
    return said.number in names or same_payer(said.whole, client.mobile)


def _of_payer(payers: Iterable[Owner], payer: str | None) -> list[Target | None]:
    return [_single(one.loans) for one in payers if same_payer(payer, one.client.mobile)]


def _single(loans: tuple[Target, ...]) -> Target | None:
    """A client's one active loan."""
    active = [loan for loan in loans if loan.active]
    return active[0] if len(active) == 1 else None


def _only(ways: _Ways, currency: str) -> Match:
    """All ways lead to one account that takes payments, or it is for people."""
    places = {(one.kind, one.id) if one else None for one, _ in ways}
    if len(places) > 1:
        return Match(why=Unmatched.AMBIGUOUS)
    target, rung = ways[0]
    if target is None:
        return Match(why=Unmatched.NO_SINGLE_LOAN)
    if not target.active:
        return Match(why=Unmatched.NOT_ACTIVE)
    if target.currency != currency:
        return Match(why=Unmatched.CURRENCY)
    return Match(target=target, rung=rung)


def _bare(number: str) -> str:
    """Without leading zeros; a number of zeros stays a zero."""
    return number.lstrip("0") or number[:1]
