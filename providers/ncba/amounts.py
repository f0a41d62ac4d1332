"""Amounts and times as the bank writes them. Pure; None for what cannot be read."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from models.money import EXPONENTS, Money, from_major
from providers.wire import text

CURRENCY = "KES"
NAIROBI = ZoneInfo("Africa/Nairobi")
_PLAIN = re.compile(r"-?(?:[0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(?:\.[0-9]{1,15})?")
_LARGEST_EXPONENT = 18


def as_sent(value: object) -> str | None:
    """A scalar exactly as it stood in the message: hashes are made over that."""
    if isinstance(value, bool) or not isinstance(value, (str, int, Decimal)):
        return None
    if isinstance(value, Decimal) and abs(value.adjusted()) > _LARGEST_EXPONENT:
        return None
    return str(value)


def signed(value: object, currency: str = CURRENCY) -> Money | None:
    """An amount in major units, minus sign and thousands commas allowed, exact."""
    number = (as_sent(value) or "").strip()
    if currency not in EXPONENTS or not _PLAIN.fullmatch(number):
        return None
    try:
        return from_major(number.replace(",", ""), currency)
    except ValueError:
        return None


def bank_day(at: datetime) -> date:
    """The day it is at the bank: what orders are dated and statements asked by."""
    return at.astimezone(NAIROBI).date()


def day(value: object) -> date | None:
    """A value date, ddMMyyyy."""
    stamp = _stamp(value, "%d%m%Y", 8)
    return stamp.date() if stamp else None


def minute(value: object) -> datetime | None:
    """yyMMddHHmm in East Africa Time, as UTC."""
    return _utc(_stamp(value, "%y%m%d%H%M", 10))


def second(value: object) -> datetime | None:
    """yyyyMMddHHmmss in East Africa Time, as UTC."""
    return _utc(_stamp(value, "%Y%m%d%H%M%S", 14))


def _stamp(value: object, form: str, length: int) -> datetime | None:
    digits = text(value) or ""
    if len(digits) != length or not (digits.isascii() and digits.isdecimal()):
        return None
    try:
        return datetime.strptime(digits, form).replace(tzinfo=NAIROBI)
    except ValueError:
        return None


def _utc(stamp: datetime | None) -> datetime | None:
    return stamp.astimezone(UTC) if stamp else None
