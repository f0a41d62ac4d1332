"""Daraja's clock: Nairobi local time in two spellings, a number in one message, text in others."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from providers.wire import text

_NAIROBI = ZoneInfo("Africa/Nairobi")
_SPELLINGS = {14: "%Y%m%d%H%M%S", 19: "%d.%m.%Y %H:%M:%S"}


def moment(value: object) -> datetime | None:
    """`20240706224852` or `06.07.2024 22:48:52` in UTC; None for anything else."""
    shown = text(value) or ""
    spelling = _SPELLINGS.get(len(shown))
    if spelling is None or not shown.isascii():
        return None
    try:
        local = datetime.strptime(shown, spelling)  # noqa: DTZ007 - the zone is Nairobi's, set below
        return local.replace(tzinfo=_NAIROBI).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
