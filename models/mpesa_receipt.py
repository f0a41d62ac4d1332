"""M-Pesa receipts in what people write. Pure."""

import re
from datetime import date, timedelta

#: A letter each for year (T is 2025) and month (A is January), the day as 1 to 9 or A to V.
_RECEIPT = re.compile(r"[A-Z][A-L][1-9A-V][A-Z0-9]{7}")
_FIRST_YEAR = 2006
#: A bank may date a payment later than M-Pesa did: over a weekend and a holiday.
_LATER = timedelta(days=4)


def stamp(day: date) -> str:
    """How a receipt of that day begins. Read from receipts with known times; undocumented."""
    year = chr(ord("A") + (day.year - _FIRST_YEAR) % 26)
    written = str(day.day) if day.day < 10 else chr(ord("A") + day.day - 10)
    return f"{year}{chr(ord('A') + day.month - 1)}{written}"


def receipts_among(words: set[str], on: date) -> tuple[str, ...]:
    """The words that are receipts of that day or just before; SALARY2026 is not one."""
    days = (on - timedelta(days=back) for back in range(_LATER.days + 1))
    begin = tuple(stamp(day) for day in days)
    return tuple(sorted(one for one in words if _RECEIPT.fullmatch(one) and one.startswith(begin)))
