"""Floats are looked at: what each provider says it holds, against what the ledger has there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from temporalio import activity

from activities import lanes
from activities.pulse import beating
from activities.telling import tell
from models import ids
from models.floats import FLOAT, FloatAlert, FloatView, float_object
from models.ids import PLATFORM_ORG
from models.places import Place
from models.reading import Reading
from providers.contract import Ambiguous, Unreachable

if TYPE_CHECKING:
    from runtime.database import Connection, Database

    Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A place whose holder tells what lies there. `livemode`: whether it is real money."""

    place: Place
    livemode: bool
    asks: Callable[[], Awaitable[Reading]]


class FloatWatch:
    """One round over all floats of both modes. What does not answer is asked in the next."""

    def __init__(self, database: "Database", tellers: tuple[Told, ...]) -> None:
        self._database = database
        self._tellers = tellers

    @activity.defn(name="floats.watch")
    async def watch(self) -> int:
        """Ask every holder, then tell what differs or is low; returns how many answered."""
        async with beating():
            answered = sum([await self._asked(one) for one in self._tellers])
            for livemode in (False, True):
                await self.weigh(livemode=livemode)
        return answered

    async def weigh(self, *, livemode: bool) -> None:
        """Tell of floats that have become low, or differ in two answers in a row."""
        async with self._database.scoped(PLATFORM_ORG, livemode) as connection:
            for row in await lanes.lanes(connection):
                view = lanes.view(row)
                if await lanes.differs(connection, row, differs=view.differs):
                    await _tell(connection, row, view, FloatAlert.DIFFERENCE)
                if await lanes.low(connection, row["id"], low=view.low):
                    await _tell(connection, row, view, FloatAlert.LOW)

    async def _asked(self, one: Told) -> bool:
        async with self._database.scoped(PLATFORM_ORG, one.livemode) as connection:
            await lanes.asked(connection, one.place)
        try:
            said = await one.asks()
        except (Unreachable, Ambiguous) as error:
            activity.logger.warning("%s does not tell its balance: %s", one.place.rail, error)
            return False
        if said.amount is None:
            return False
        async with self._database.scoped(PLATFORM_ORG, one.livemode) as connection:
            await lanes.told(connection, one.place, said.amount)
        return True


async def _tell(connection: "Connection", row: "Row", view: FloatView, alert: FloatAlert) -> None:
    step = f"{ids.shown(FLOAT, row['id'])}/{alert}/{datetime.now(UTC).isoformat()}"
    await tell(connection, row, event=alert, step=step, shown=float_object(row, view))
