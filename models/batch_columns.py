"""The columns of a file of payouts: what each is called, and which there have to be. Pure."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from models.batch_limits import FileRefused


class Column(StrEnum):
    """What a column holds. `amount` is in whole units of the currency, as people write it."""

    AMOUNT = "amount"
    CURRENCY = "currency"
    PHONE = "phone"
    NAME = "name"
    REFERENCE = "reference"
    METHOD = "method"
    PURPOSE = "purpose"
    BANK = "bank"
    ACCOUNT = "account"


_C = Column
#: Other headings people use. Case, spaces and hyphens do not matter.
_ALSO: Mapping[str, Column] = {
    "phone_number": _C.PHONE,
    "number": _C.PHONE,
    "msisdn": _C.PHONE,
    "mobile": _C.PHONE,
    "mobile_number": _C.PHONE,
    "beneficiary": _C.NAME,
    "full_name": _C.NAME,
    "account_name": _C.NAME,
    "ref": _C.REFERENCE,
    "operator": _C.METHOD,
    "reason": _C.PURPOSE,
    "bank_code": _C.BANK,
    "account_number": _C.ACCOUNT,
}
_LONGEST_SHOWN = 40


def columns_of(header: Sequence[str]) -> tuple[Column | None, ...]:
    """What each column holds, None for one without a heading. Raises FileRefused.

    A heading we do not know is refused: a misspelt `account` must not be passed over. It is shown
    unless some cell holds a digit: then this may be a row of a file without headings.
    """
    shown = not any(sign.isdigit() for heading in header for sign in heading)
    found = tuple(_column(heading, number, shown=shown) for number, heading in enumerate(header, 1))
    named = [column for column in found if column is not None]
    doubled = sorted({column for column in named if named.count(column) > 1})
    if doubled:
        raise FileRefused(f"two columns are headed {doubled[0]}; keep one")
    if _C.AMOUNT not in named:
        raise FileRefused(f"there is no column amount; the columns are {_offered()}")
    if _C.PHONE not in named and _C.ACCOUNT not in named:
        raise FileRefused("there is neither a column phone nor a column account")
    return found


def fits(header: Sequence[str]) -> int:
    """How many headings are ours: tells the separator of a file."""
    return sum(_known(heading) is not None for heading in header)


def _column(heading: str, number: int, *, shown: bool) -> Column | None:
    if not heading.strip():
        return None
    column = _known(heading)
    if column is None and shown:
        word = heading.strip()[:_LONGEST_SHOWN]
        raise FileRefused(f"no column is called {word!r}; the columns are {_offered()}")
    if column is None:
        told = f"the first row names the columns, and cell {number} of it is no name of one"
        raise FileRefused(f"{told}; the columns are {_offered()}")
    return column


def _known(heading: str) -> Column | None:
    word = re.sub(r"[\s\-]+", "_", heading.strip().lower())
    if word in set(Column):
        return Column(word)
    return _ALSO.get(word)


def _offered() -> str:
    return ", ".join(Column)
