"""References as providers mint them: random, so that a restart never repeats one."""

import secrets
import string
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_RECEIPT = string.ascii_uppercase + string.digits


def digits(length: int) -> str:
    """A number of that many digits that does not begin with zero."""
    return str(secrets.randbelow(9 * 10 ** (length - 1)) + 10 ** (length - 1))


def receipt() -> str:
    """An M-Pesa receipt: year, month and day in a letter each, then seven capitals and digits."""
    today = datetime.now(UTC).astimezone(ZoneInfo("Africa/Nairobi"))
    year = string.ascii_uppercase[(today.year - 2006) % 26]
    day = (string.digits + string.ascii_uppercase)[today.day]
    begins = f"{year}{string.ascii_uppercase[today.month - 1]}{day}"
    return begins + "".join(secrets.choice(_RECEIPT) for _ in range(7))
