"""The parameters of a result, in whatever shape they come. Pure; never raises."""

import re
from typing import Any

from models.mobile_money import AccountBalance
from models.money import Money
from providers.mpesa.stk import CURRENCY
from providers.wire import Fields, fields, listed, money, text

_AMOUNT = re.compile(r"(-?)([0-9]{1,15}(?:\.[0-9]{1,15})?)")
#: A phone, or a number and a dash, before a name.
_PARTY = re.compile(r"(?:\+?[0-9*]{9,}\s*-?|[0-9*]+\s*(?:-|$))?(.*)", re.DOTALL)
_SHORT_CODE = re.compile(r"([0-9]{5,7})\s*(?:-.*)?", re.DOTALL)
#: All accounts of a short code stand in one text; what is longer is not read.
_LONGEST = 4096


def parameters(result: Fields) -> dict[str, Any]:
    """Key and value; a list, one object, null or nothing. Older keys are written with spaces."""
    items = listed(fields(result.get("ResultParameters")).get("ResultParameter"))
    return {str(item.get("Key")).replace(" ", ""): item.get("Value") for item in items}


def first(details: Fields, names: tuple[str, ...]) -> Any:
    """The first value that is there."""
    found = (details.get(name) for name in names)
    return next((value for value in found if value is not None), None)


def signed(value: object, currency: str = CURRENCY) -> Money | None:
    """An amount that may stand below zero; None for anything that is no plain number."""
    shown = _AMOUNT.fullmatch(text(value) or "")
    amount = money(shown.group(2), currency) if shown else None
    if amount is None or shown is None:
        return None
    return Money(-amount.minor, currency) if shown.group(1) else amount


def balances(value: object) -> tuple[AccountBalance, ...]:
    """`Name|KES|current|available|reserved|uncleared`, joined with `&`; unreadable: left out."""
    if not isinstance(value, str) or len(value) > _LONGEST:
        return ()
    return tuple(filter(None, (_balance(part.split("|")) for part in value.split("&"))))


def party(value: object) -> str | None:
    """The name in `254708374149 - JANE DOE`, without the number; None where there is none."""
    named = _PARTY.fullmatch(text(value) or "")
    return (named and named.group(1).strip()) or None


def short_code(value: object) -> str | None:
    """The short code in `600610 - SHOP`; empty for a phone or a name alone, None for nothing."""
    said = text(value)
    numbered = _SHORT_CODE.fullmatch(said) if said else None
    return numbered.group(1) if numbered else said and ""


def _balance(columns: list[str]) -> AccountBalance | None:
    name = text(columns[0])
    if name is None or len(columns) < 4:
        return None
    available = signed(columns[3], columns[1].strip())
    return None if available is None else AccountBalance(account=name, available=available)
