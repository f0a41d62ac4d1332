"""A float as it is looked at: what is booked, what its holder says, how long it lasts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from models import ids
from models.moments import moment
from models.money import Money

#: The prefix of a float's id.
FLOAT = "fl"
#: The time outflow is measured over, for the forecast.
MEASURED = timedelta(hours=24)


class FloatAlert(StrEnum):
    """What the house is told of a float, once each time it becomes so."""

    LOW = "float.low"
    DIFFERENCE = "float.difference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Then:
    """What the ledger had while the holder was asked, minor units: from question to answer."""

    least: int
    most: int
    reserved: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatView:
    """One float. `booked`: the ledger's. `told`: the provider's own, None where it says nothing.

    `reserved`: granted to payouts and moves that are under way. `spent`: what left in MEASURED.
    `then`: what `told` is compared with, for that is of some time ago.
    """

    booked: Money
    reserved: Money
    spent: Money
    told: Money | None = None
    then: Then | None = None
    tolerated: Money | None = None
    low_below: Money | None = None

    @property
    def room(self) -> Money:
        """What nobody has reserved."""
        return self.booked - self.reserved

    @property
    def difference(self) -> Money | None:
        """What the provider had more than the ledger; None where it says nothing."""
        if self.told is None or self.then is None:
            return None
        nearest = min(max(self.told.minor, self.then.least), self.then.most)
        return self.told - Money(nearest, self.told.currency)

    @property
    def differs(self) -> bool:
        """True when nothing under way explains it: money may have left that is not booked yet."""
        if self.difference is None or self.then is None:
            return False
        slack = self.tolerated.minor if self.tolerated else 0
        return not -self.then.reserved - slack <= self.difference.minor <= slack

    @property
    def low(self) -> bool:
        """True when less than the threshold is left."""
        return self.low_below is not None and self.room.minor < self.low_below.minor

    @property
    def hours_left(self) -> float | None:
        """How long it lasts at the pace of the last day; None when nothing left."""
        if self.spent.minor <= 0:
            return None
        hours = MEASURED.total_seconds() / 3600
        return round(max(self.room.minor, 0) / self.spent.minor * hours, 1)


def float_object(row: Mapping[str, Any], view: FloatView) -> dict[str, Any]:
    """A float in its public shape; `row` is its row of `floats`."""
    return {
        "id": ids.shown(FLOAT, row["id"]),
        "object": "float",
        "livemode": row["livemode"],
        "kind": row["kind"],
        "rail": row["rail"],
        "wallet": row["wallet"],
        "currency": row["currency"],
        "open": row["is_open"],
        "booked": view.booked.minor,
        "reserved": view.reserved.minor,
        "available": view.room.minor,
        "waiting": row["waiting"],
        "told": view.told.minor if view.told else None,
        "told_at": moment(row["told_at"]),
        "difference": view.difference.minor if view.difference else None,
        "differs": view.differs,
        "tolerated": row["tolerated"],
        "low": view.low,
        "low_below": row["low_below"],
        "spent_last_day": view.spent.minor,
        "hours_left": view.hours_left,
    }
