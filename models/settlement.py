"""When captured money is the merchant's to take out. Pure.

A rule counts days in the rail's own time zone: what is captured at or past the cut-off, or on a
day that is none, belongs to the next day that is one; `days` such days later it is available.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_EVERY_DAY = frozenset(range(7))
#: Days are looked for this far: a calendar of nothing but holidays is a mistake.
_FAR = 400


class NoDay(ValueError):
    """The calendar has no working day within a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one rail settles, from `valid_from` on. `cut_off` None: the end of the day.

    `working_days`: Monday is 0. `calendar` names the holidays that count; empty: none do.
    `opens`: from when on the day it is available.
    """

    rail: str
    valid_from: datetime
    zone: str
    days: int
    cut_off: time | None = None
    working_days: frozenset[int] = _EVERY_DAY
    calendar: str = ""
    opens: time = time(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Every rule there is, and the holidays of each calendar."""

    rules: tuple[Rule, ...] = ()
    holidays: Mapping[str, frozenset[date]] = field(default_factory=dict)

    def rule(self, rail: str | None, at: datetime) -> Rule | None:
        """The newest rule of the rail that had begun; None: it settles at once."""
        begun = [rule for rule in self.rules if rule.rail == rail and rule.valid_from <= at]
        return max(begun, key=lambda rule: rule.valid_from, default=None)

    def available_at(self, rail: str | None, captured_at: datetime) -> datetime:
        """When money captured then is available; never before it was captured.

        Raises NoDay for a calendar without working days.
        """
        rule = self.rule(rail, captured_at)
        if rule is None:
            return captured_at
        zone = ZoneInfo(rule.zone)
        local = captured_at.astimezone(zone)
        late = rule.cut_off is not None and local.time() >= rule.cut_off
        day = self._working(rule, local.date() + _DAY if late else local.date())
        for _ in range(rule.days):
            day = self._working(rule, day + _DAY)
        opens = datetime.combine(day, rule.opens, tzinfo=zone)
        return max(captured_at, opens.astimezone(captured_at.tzinfo))

    def _working(self, rule: Rule, day: date) -> date:
        """The day, or the next one that is a working day of the rule's."""
        closed = self.holidays.get(rule.calendar, frozenset()) if rule.calendar else frozenset()
        for ahead in range(_FAR):
            one = day + ahead * _DAY
            if one.weekday() in rule.working_days and one not in closed:
                return one
        raise NoDay(f"{rule.rail} has no working day after {day}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserve:
    """A rolling reserve: a share of what was credited in the last `days`, kept back."""

    basis_points: int
    days: int

    def of(self, credited: int) -> int:
        """What is kept back of so many minor units, rounded up: it is ours to be careful."""
        return -(-max(credited, 0) * self.basis_points // 10_000)
