"""One row of a file of payouts: what it asks for, or everything that is wrong with it. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from models.batch_columns import Column
from models.batch_limits import LONGEST_CELL
from models.card_numbers import holds_card_number
from models.money import Money, from_major
from models.payout_order import BankPayee, Payee
from models.phones import NotAPhone, e164

_C = Column
_T = TypeVar("_T")
#: One separator of decimals and none of thousands: `1,500` may mean two different amounts.
_AMOUNT = re.compile(r"\d{1,13}(?:[.,]\d{1,2})?")
_REFERENCE = re.compile(r"[\x20-\x7e]{1,64}")
_BANK, _ACCOUNT = re.compile(r"[A-Za-z0-9]{2,11}"), re.compile(r"[A-Za-z0-9]{5,34}")
_DIGITS = re.compile(r"\d{8,15}")
_LONGEST = {_C.NAME: 100, _C.PURPOSE: 100}


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRow:
    """A row as it stands in the file. `line` counts from 1, the header included.

    `formulas`: a cell of a workbook that is computed; what it shows is not ours to believe.
    """

    line: int
    cells: Mapping[Column, str] = field(repr=False)
    formulas: frozenset[Column] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRules:
    """What holds for the whole file: its currency, and the country of national numbers."""

    currency: str
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDraft:
    """A payout that may be made of the row. `method` None: told from the number."""

    line: int
    amount: Money
    payee: Payee
    method: str | None = None
    reference: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """What is kept sealed of a row that can be paid."""

    payee: Payee
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowWrong:
    """Everything that is wrong with a row, in words; none of them holds a value of the file."""

    line: int
    problems: tuple[str, ...]


class _Wrong(ValueError):
    """One thing that is wrong with a row."""


def checked(row: RawRow, rules: RowRules) -> RowDraft | RowWrong:
    """The payout a row asks for, or why it asks for none. Every column is looked at."""
    reader = _Reader(row, rules)
    return reader.draft() if not reader.problems else reader.wrong()


class _Reader:
    """Reads every column once and keeps what is wrong."""

    def __init__(self, row: RawRow, rules: RowRules) -> None:
        self._row, self._rules = row, rules
        self.problems: list[str] = []
        self._safe()
        self._amount = self._read(self._money)
        self._phone = self._read(self._wallet)
        self._bank = self._read(lambda: self._matching(_C.BANK, _BANK, "2 to 11 letters, digits"))
        self._account = self._read(
            lambda: self._matching(_C.ACCOUNT, _ACCOUNT, "5 to 34 letters, digits")
        )
        self._reference = self._read(
            lambda: self._matching(_C.REFERENCE, _REFERENCE, "at most 64 plain characters")
        )
        self._name, self._purpose = self._text(_C.NAME), self._text(_C.PURPOSE)
        self._read(self._beneficiary)

    def draft(self) -> RowDraft:
        """The payout."""
        if self._amount is None:
            raise RuntimeError("a row without an amount has a problem")
        return RowDraft(
            line=self._row.line,
            amount=self._amount,
            payee=self._payee(),
            method=self._cell(_C.METHOD).lower() or None,
            reference=self._reference,
            purpose=self._purpose,
        )

    def _payee(self) -> Payee:
        if self._account is None:
            return Payee(wallet=self._phone, name=self._name)
        bank = BankPayee(bank=self._bank or "", account=self._account, name=self._name or "")
        return Payee(bank=bank, name=self._name)

    def wrong(self) -> RowWrong:
        """What people correct."""
        return RowWrong(line=self._row.line, problems=tuple(self.problems))

    def _cell(self, column: Column) -> str:
        return self._row.cells.get(column, "").strip()

    def _read(self, reading: Callable[[], _T]) -> _T | None:
        try:
            return reading()
        except _Wrong as wrong:
            self.problems.append(str(wrong))
            return None

    def _safe(self) -> None:
        for column, text in self._row.cells.items():
            if column in self._row.formulas:
                self.problems.append(f"{column}: a formula; paste its value")
            if len(text) > LONGEST_CELL:
                self.problems.append(f"{column}: {LONGEST_CELL} letters at most")
            if any(ord(letter) < 32 and letter not in "\r\n\t" for letter in text):
                self.problems.append(f"{column}: a control character")
        if holds_card_number(list(self._row.cells.values())):
            self.problems.append("a card number: those are never taken")

    def _money(self) -> Money:
        currency = self._rules.currency
        if self._cell(_C.CURRENCY).upper() not in {"", currency}:
            raise _Wrong(f"currency: this batch is of {currency}; send others as their own file")
        text = self._cell(_C.AMOUNT)
        if not _AMOUNT.fullmatch(text):
            raise _Wrong("amount: a number such as 1500 or 1500.50, without separators")
        try:
            amount = from_major(text.replace(",", "."), currency)
        except ValueError as error:
            raise _Wrong(f"amount: {currency} has no such fractions") from error
        if not 0 < amount.minor < 2**53:
            raise _Wrong("amount: more than nothing, and not that much")
        return amount

    def _wallet(self) -> str | None:
        text = self._cell(_C.PHONE)
        if not text:
            return None
        for written in (text, f"+{text}") if _DIGITS.fullmatch(text) else (text,):
            try:
                return e164(written, self._rules.country)
            except NotAPhone as error:
                problem = str(error)
        raise _Wrong(f"phone: {problem}")

    def _matching(self, column: Column, pattern: re.Pattern[str], said: str) -> str | None:
        text = self._cell(column)
        if text and not pattern.fullmatch(text):
            raise _Wrong(f"{column}: {said}")
        return text or None

    def _text(self, column: Column) -> str | None:
        text = " ".join(self._cell(column).split())
        if len(text) > _LONGEST[column]:
            self.problems.append(f"{column}: {_LONGEST[column]} letters at most")
        return text or None

    def _beneficiary(self) -> None:
        wallet, account = self._cell(_C.PHONE), self._cell(_C.ACCOUNT)
        if bool(wallet) == bool(account):
            raise _Wrong("a phone or an account, one of them")
        if account and not (self._cell(_C.BANK) and self._cell(_C.NAME)):
            raise _Wrong("an account needs its bank and the name it is held in")
