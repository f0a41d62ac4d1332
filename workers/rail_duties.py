"""What a worker does for rails beside its queues: count, judge, tell, ask, let go."""

import asyncio
from collections.abc import Mapping

from activities.rail_probes import RailProbes
from activities.rail_telling import RailTelling
from activities.rail_watch import RailWatch
from models.rail_health import Rules
from providers.contract import Collects
from runtime.database import Database
from runtime.dispatch import Dispatcher
from runtime.rail_draining import RailDrain
from runtime.settings import Settings
from workers.rails import Meter
from workers.relay import every
from workers.wiring import asked_by_ours

_WATCH_SECONDS = 1.0
_TELL_SECONDS = 1.0
_PROBE_SECONDS = 1.0
_DRAIN_SECONDS = 0.5


class RailDuties:
    """The loops; each repeats until told to stop."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        dispatcher: Dispatcher,
        meter: Meter,
        clients: Mapping[str, Collects],
    ) -> None:
        rules = Rules(least=settings.rail_opens_after).scaled(settings.wait_scale)
        told = meter.pacer.shared_by
        self._watch = RailWatch(database, meter.tally, meter.rails, rules=rules, told=told)
        self._telling = RailTelling(database)
        ours = asked_by_ours(meter.ready)
        self._probes = RailProbes(database, clients, scale=settings.wait_scale, by_ours=ours)
        self._drain = RailDrain(database, dispatcher, meter.rates)

    async def run(self, stop: asyncio.Event) -> None:
        """Run every loop until `stop` is set."""
        await asyncio.gather(
            every(_WATCH_SECONDS, self._watch.flush, stop),
            every(_TELL_SECONDS, self._telling.tell, stop),
            every(_PROBE_SECONDS, self._probes.probe, stop),
            every(_DRAIN_SECONDS, self._drain.drain, stop),
        )
