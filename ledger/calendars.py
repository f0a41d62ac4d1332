"""The settlement calendar as it is stored, read in the caller's scope."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from models.settlement import Calendar, Rule

if TYPE_CHECKING:
    from psycopg import AsyncConnection

_RULES = "select * from settlement_rules where livemode = app_mode()"
_HOLIDAYS = "select calendar, on_date from settlement_holidays where livemode = app_mode()"


async def calendar(connection: "AsyncConnection[Any]") -> Calendar:
    """Every rule and every holiday of the mode."""
    rules = await (await connection.execute(_RULES)).fetchall()
    days = await (await connection.execute(_HOLIDAYS)).fetchall()
    holidays: dict[str, set[date]] = {}
    for day in days:
        holidays.setdefault(day["calendar"], set()).add(day["on_date"])
    return Calendar(
        rules=tuple(_rule(row) for row in rules),
        holidays={name: frozenset(found) for name, found in holidays.items()},
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    return Rule(
        rail=row["rail"],
        valid_from=row["valid_from"],
        zone=row["zone"],
        days=row["days"],
        cut_off=row["cut_off"],
        working_days=frozenset(row["working_days"]),
        calendar=row["calendar"],
        opens=row["opens"],
    )
