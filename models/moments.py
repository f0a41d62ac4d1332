"""How a time is told to others: one form, in answers, lists, timelines and events alike. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any


def moment(value: datetime | None) -> str | None:
    """RFC 3339 in UTC with milliseconds, as in `2026-11-21T10:00:00.000Z`; None stays None."""
    if value is None:
        return None
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def told(shown: Mapping[str, Any]) -> dict[str, Any]:
    """What a row keeps of itself, as it is told: members called `…_at` are times."""
    return {
        name: moment(datetime.fromisoformat(value)) if value and name.endswith("_at") else value
        for name, value in shown.items()
    }
