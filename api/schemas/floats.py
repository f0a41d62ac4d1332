"""Floats, coverage and the settlement calendar, on the wire."""

from datetime import date, datetime, time
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, StrictInt

from api.schemas.common import Inbound, Outbound
from api.schemas.treasury import Part, Words

_ZONES = frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _ZONES:
        raise ValueError("not the name of a time zone")
    return name


def _every_day() -> set[int]:
    return set(range(7))


Weekday = Annotated[StrictInt, Field(ge=0, le=6)]


class FloatView(Outbound):
    """One wallet or bank account of ours, minor units.

    `booked` is the ledger's, `told` its holder's own. `available`: what no payout or move has
    reserved. `waiting`: how many wait for money. `hours_left`: at the pace of the last day.
    """

    id: str
    object: Literal["float"]
    livemode: bool
    kind: Literal["wallet", "bank"]
    rail: str
    wallet: str
    currency: str
    open: bool
    booked: int
    reserved: int
    available: int
    waiting: int
    told: int | None
    told_at: datetime | None
    difference: int | None
    differs: bool
    tolerated: int
    low: bool
    low_below: int | None
    spent_last_day: int
    hours_left: float | None


class FloatList(Outbound):
    """Every float of the mode."""

    object: Literal["list"]
    data: list[FloatView]


class FloatSettings(Inbound):
    """What is given is set. A float that is not `open` grants nothing to payouts and moves."""

    open: bool | None = None
    tolerated: Annotated[StrictInt | None, Field(ge=0, le=10**15)] = None
    low_below: Annotated[StrictInt | None, Field(gt=0, le=10**15)] = None


class CoverageView(Outbound):
    """One currency: what backs what we hold for others, and the top-up that is needed."""

    currency: str
    backing: int
    claims: int
    covered: bool
    top_up_needed: int
    backed_by: dict[str, int]
    claimed_as: dict[str, int]


class CoverageReport(Outbound):
    """Every currency there is."""

    object: Literal["coverage"]
    data: list[CoverageView]


class SettlementRule(Inbound):
    """How a rail settles what is captured from `valid_from` on; it is added, never changed.

    `days` working days (Monday is 0) after the day of capture, which past `cut_off` is the next.
    """

    rail: Part
    zone: Annotated[str, AfterValidator(_zone)]
    days: Annotated[StrictInt, Field(ge=0, le=30)]
    cut_off: time | None = None
    working_days: Annotated[set[Weekday], Field(min_length=1, default_factory=_every_day)]
    calendar: Part | None = None
    opens: time = time(0)
    valid_from: AwareDatetime


class Holiday(Inbound):
    """A day a calendar counts as none."""

    calendar: Part
    on: date
    name: Words


class RollingReserve(Inbound):
    """This share of what a merchant was credited in the last `days` stays with us."""

    basis_points: Annotated[StrictInt, Field(ge=0, le=10_000)]
    days: Annotated[StrictInt, Field(ge=1, le=180)]


class CoolingOff(Inbound):
    """How many hours a payee nobody was paid before waits; 0: none."""

    hours: Annotated[StrictInt, Field(ge=0, le=168)]


class Done(Outbound):
    """It is set."""

    object: Literal["treasury_setting"]
    organisation: str | None = None
    rail: str | None = None
    calendar: str | None = None
