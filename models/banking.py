"""What we ask a bank to do and what it tells us. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from models.money import Money
from models.reading import Reading

#: What a bank carries back unharmed: letters, digits, underscore and hyphen.
REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,35}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatPurchase:
    """Bank money into an M-Pesa short code. `reference` is ours and stored before the call.

    `organisation` is the name the bank gave for the short code; `phone` is told by the bank.
    """

    reference: str
    amount: Money
    short_code: str
    account: str
    organisation: str
    phone: str = field(repr=False)
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BankTransfer:
    """Money from one account to another of the same bank."""

    reference: str
    amount: Money
    account: str
    to_account: str
    to_name: str = field(repr=False)
    narration: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortCodeCheck:
    """Whose short code it is; `name` None where the bank did not say, and `reading` says why."""

    name: str | None
    reading: Reading


class Side(StrEnum):
    """Which way money went, seen from the account."""

    DEBIT = "debit"
    CREDIT = "credit"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One movement of an account. `amount` is never negative; `on` is the value date.

    `reference` is the bank's own; `texts` is everything a reference of ours may stand in.
    """

    on: date
    side: Side
    amount: Money
    reference: str | None
    texts: tuple[str, ...] = field(repr=False)
    balance: Money | None

    def names(self, reference: str) -> bool:
        """True when our reference stands in the line as a word of its own, in any case."""
        return reference.casefold() in {word.casefold() for word in _words(self.texts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What the bank answered. Only a `whole` one is evidence that something is not there.

    Not whole: refused, unreadable, or a row could not be read; `reading` says what was.
    """

    lines: tuple[StatementLine, ...]
    whole: bool
    reading: Reading

    def witnesses(self, *, reference: str, side: Side, amount: Money) -> tuple[StatementLine, ...]:
        """The lines that show this money: our reference, the same side, the same amount."""
        return tuple(
            line
            for line in self.lines
            if line.side is side and line.amount == amount and line.names(reference)
        )


class Channel(StrEnum):
    """The two ways the bank tells us of money."""

    XML = "xml"
    JSON = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class BankNotice:
    """A movement the bank pushed to us. `amount` is negative for a debit; `at` is UTC.

    `id` is the bank's reference (XML) or the M-Pesa receipt (JSON); `bank_reference` the core
    banking reference where both exist. Phone and name are as the bank wrote them.
    """

    channel: Channel
    kind: str
    id: str
    bank_reference: str | None
    at: datetime
    amount: Money
    account: str
    bill_reference: str | None
    narrative: str | None = field(repr=False)
    phone: str | None = field(repr=False)
    name: str | None = field(repr=False)
    status: str | None


def reference_in(notice: BankNotice, pattern: re.Pattern[str]) -> str | None:
    """The one reference of ours, upper case, that stands as a word in what the payer typed.

    `pattern` must match the whole word; case is the payer's. Two different references are none:
    the money then goes to suspense.
    """
    typed = (notice.narrative or "", notice.bill_reference or "")
    found = words_like(typed, pattern)
    return found.pop() if len(found) == 1 else None


def words_like(texts: Iterable[str], pattern: re.Pattern[str]) -> set[str]:
    """Every word, upper case, that the pattern matches whole; case is the writer's."""
    return {word.upper() for word in _words(texts) if _fits(pattern, word)}


def _fits(pattern: re.Pattern[str], word: str) -> bool:
    return any(pattern.fullmatch(form) for form in (word, word.upper(), word.lower()))


def _words(texts: Iterable[str]) -> list[str]:
    return [word for text in texts for word in _TOKEN.findall(text)]
