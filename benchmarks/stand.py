"""One stack under measurement: bare first, then the product, on the same server and database."""

import asyncio
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import BareLoad
from benchmarks.cpu import Meter
from benchmarks.kauri import KauriLoad, listen
from benchmarks.offer import Till
from benchmarks.runs import PAUSE, Found, Load, Run, sustained
from benchmarks.witness import Witness
from cli.seed import seed
from cli.stack.plan import Kind
from cli.stack.stack import Stack
from runtime import temporal

_INFRASTRUCTURE = ("postgres", "temporal")
_OURS = ("simulators", "api", "worker")
#: Bare workflows for each loan: about as many events, and enough of them for a rate.
_BARE_FOR_ONE = 3
#: Lenders are polled when the benchmark says so, and not beside what it measures.
#: Airtel's own waits are shortened: how long what a kill left unknown is waited for is its terms,
#: and not our speed.
_ENV = {
    "KAURI_LOAN_POLL_SECONDS": "86400",
    "AIRTEL_PATIENCE": "3",
    "AIRTEL_ASK_EVERY": "[3, 5, 10]",
    "AIRTEL_SETTLE_TIME": "10",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long the parts of the benchmark are."""

    step: float = 25.0
    steps: int = 6
    flood: float = 90.0
    acceptance: tuple[tuple[float, float], ...] = ((200.0, 60.0), (500.0, 10.0))
    #: Loans approved at once, and payouts asked for; loans of the lender that is polled.
    loans: int = 300
    payouts: int = 300
    polled: int = 10_000
    #: Rows of the batch that is paid while its worker is killed.
    batched: int = 1_500


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A search and what one of its kind costs: CPU-milliseconds by process."""

    found: Found
    cpu_ms: dict[str, float]


class Stand:
    """Starts what a measurement needs and reads the meters around it."""

    def __init__(
        self, folder: Path, kind: Kind, k6: Path, pace: Pace, say: Callable[[str], None]
    ) -> None:
        self.folder = folder
        self._kind: Kind = kind
        self._k6 = k6
        self._pace = pace
        self._say = say
        self.stack: Stack

    @contextmanager
    def running(self) -> Iterator[Witness]:
        """PostgreSQL and Temporal, fresh; everything is stopped and erased at the end."""
        self.stack = self._made(_INFRASTRUCTURE)
        self.stack.erase()
        try:
            self.stack.start()
            witness = Witness(self.stack.urls.database_admin, self.stack.urls.simulators)
            yield witness
            witness.close()
        finally:
            self.stack.erase()

    def bare(self) -> Measured:
        """The baseline: its own worker and client, nothing of ours running."""
        load = BareLoad(self.stack.plan.environment, self.folder)
        try:
            return self._measured(load, {**self._pids(_INFRASTRUCTURE), "worker": load.pid})
        finally:
            load.close()

    def bare_at_once(self) -> Run:
        """The baseline again, all within a second and then none, as loans and payouts come."""
        load = BareLoad(self.stack.plan.environment, self.folder)
        try:
            load.offer(20.0, 1.0)
            run = load.offer(float(_BARE_FOR_ONE * self._pace.loans), 1.0)
        finally:
            load.close()
        self._say(f"  at once {run.told()}, {run.overall:.1f}/s over all")
        return run

    def open_shop(self, witness: Witness) -> None:
        """Simulators, API and worker join; payers approve after the same pause as the baseline."""
        self.stack = self._made((*_INFRASTRUCTURE, *_OURS))
        self.stack.start()
        witness.behave("momo", approve_after_seconds=PAUSE, callback_method="PUT")
        witness.behave("daraja", approve_after_seconds=PAUSE)

    def load(self, witness: Witness, *, webhooks: bool = False, mpesa: bool = False) -> KauriLoad:
        """A new merchant's pay-ins."""
        urls = self.stack.urls
        key = seed(urls.database, "Benchmark")
        if webhooks:
            listen(urls.api, key, urls.simulators, witness)
        till = Till(url=urls.api, key=key)
        if mpesa:
            till = Till(url=urls.api, key=key, method="mpesa", currency="KES", phone="+254712")
        return KauriLoad(self._k6, till, witness)

    def pay_ins(self, load: KauriLoad) -> Measured:
        """The product end to end."""
        return self._measured(load, self.processes)

    def history_events(self, load: KauriLoad, witness: Witness) -> int:
        """Median number of history events of paid checkouts of the load's last run."""
        names = witness.checkouts(load.runs[-1])
        return int(statistics.median(asyncio.run(self.history_lengths(names))))

    @property
    def processes(self) -> dict[str, int]:
        """Everything that runs while the shop is open, by name."""
        return self._pids((*_INFRASTRUCTURE, *_OURS))

    @property
    def database_url(self) -> str:
        """The application's database."""
        return self.stack.urls.database

    async def history_lengths(self, names: Sequence[str]) -> list[int]:
        """Number of history events of each workflow."""
        client = await temporal.connect(self.stack.settings())
        handles = [client.get_workflow_handle(name) for name in names]
        described = await asyncio.gather(*(handle.describe() for handle in handles))
        return [one.history_length for one in described]

    def _measured(self, load: Load, pids: dict[str, int]) -> Measured:
        pace, metered = self._pace, _Metered(load, Meter(pids))
        found = sustained(
            metered, flood=pace.flood, seconds=pace.step, say=self._say, steps=pace.steps
        )
        return Measured(found=found, cpu_ms=metered.cost(found.best))

    def _made(self, components: tuple[str, ...]) -> Stack:
        return Stack(
            self.folder,
            components=components,
            temporal=self._kind,
            usual_ports=False,
            env=_ENV,
            say=lambda line: self._say(f"  {line}"),
        )

    def _pids(self, names: tuple[str, ...]) -> dict[str, int]:
        return {name: self.stack.children.pid(name) for name in names}


class _Metered:
    """A load whose every run is metered."""

    def __init__(self, load: Load, meter: Meter) -> None:
        self._load = load
        self._meter = meter
        self._costs: list[tuple[Run, dict[str, float]]] = []

    def offer(self, rate: float, seconds: float) -> Run:
        self._meter.spent()
        run = self._load.offer(rate, seconds)
        self._costs.append((run, self._meter.spent()))
        return run

    def cost(self, best: Run | None) -> dict[str, float]:
        """CPU-milliseconds per ending of the best run; of the last one when none was bounded."""
        wanted = best or self._costs[-1][0]
        spent = next(spent for run, spent in self._costs if run is wanted)
        ended = max(1, len(wanted.samples))
        return {name: round(seconds * 1000 / ended, 2) for name, seconds in spent.items()}
