"""What a card number is, and texts without them. Pure.

A number counts as a card's when its prefix and length are of a card scheme (ISO/IEC 7812)
and its check digit is right (Luhn); phone numbers and references rarely are.
"""

import re
from collections.abc import Iterator
from typing import Any

#: What stands where a card number stood.
MARK = "[card number]"

_APART = r"[\s.\-_/\u00b7\u200b-\u200d\u2013\u2014\u2060]{1,2}"
_RUN = re.compile(rf"\d+(?:{_APART}\d+)*")
_SHORTEST, _LONGEST = 13, 19
#: Cards are written in at most so many groups, else digit by digit with nothing beside them.
_MOST_GROUPS = 8
_SCHEMES = re.compile(
    r"4\d{12}|4\d{15}|4\d{18}"  # Visa
    r"|5[1-5]\d{14}|(?:222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}"  # Mastercard
    r"|3[47]\d{13}"  # American Express
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}"  # Discover
    r"|35(?:2[89]|[3-8]\d)\d{12}"  # JCB
    r"|62\d{14,17}"  # UnionPay
    r"|3(?:0[0-5]|[68]\d)\d{11}"  # Diners
    r"|(?:5018|5020|5038|5893|6304|6759|676[1-3])\d{8,15}"  # Maestro
    r"|506[01]\d{12}(?:\d{3})?"  # Verve
)


def holds_card_number(document: Any) -> bool:
    """Whether any text inside the document holds a card number."""
    long_texts = (text for text in _texts(document) if len(text) >= _SHORTEST)
    return any(_is_in(run) for text in long_texts for run in _RUN.findall(text))


def without_card_numbers(text: str, *, mark: str = MARK) -> str:
    """The text with `mark` in place of every card number, and of digits right beside it."""
    if len(text) < _SHORTEST:
        return text
    return _RUN.sub(lambda run: mark if _is_in(run.group()) else run.group(), text)


def _is_in(run: str) -> bool:
    return len(run) >= _SHORTEST and any(_is_card(digits) for digits in _whole_groups(run))


def _whole_groups(run: str) -> Iterator[str]:
    """Neighbouring groups of digits, joined: a date or a security code may stand beside a card."""
    groups = re.split(_APART, run)
    if len(groups) > _MOST_GROUPS and sum(map(len, groups)) <= _LONGEST:
        yield "".join(groups)
    for first in range(len(groups)):
        joined = ""
        for group in groups[first : first + _MOST_GROUPS]:
            joined += group
            if len(joined) > _LONGEST:
                break
            if len(joined) >= _SHORTEST:
                yield joined


def _texts(document: Any) -> Iterator[str]:
    """Every text and number in it, in any order, however deep."""
    left = [document]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            left += [*one, *one.values()]
        elif isinstance(one, list):
            left += one
        elif isinstance(one, int) and not isinstance(one, bool):
            yield str(one)


def _is_card(text: str) -> bool:
    digits = "".join(str(int(letter)) for letter in text if letter.isdecimal())
    return _SCHEMES.fullmatch(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    total = 0
    for position, digit in enumerate(map(int, reversed(digits))):
        doubled = digit * 2 if position % 2 else digit
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
