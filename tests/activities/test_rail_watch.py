"""What calls come to, counted by every process and judged for all of them together."""

import asyncio
from collections.abc import Awaitable
from typing import cast

import psycopg
import pytest

from activities.rail_clients import Collector, Line
from activities.rail_pace import Pacer
from activities.rail_tally import Tally
from activities.rail_watch import RailWatch
from models.charge import Charge
from models.rail_health import Counts, Operation, Rail, Rules
from models.reading import Reading, Reason, Verdict
from providers.contract import Ambiguous, Collects, Unreachable
from runtime.database import Database
from tests.activities.rails_world import Rails

RAIL = Rail(provider="mpesa", operation=Operation.COLLECT, country="KE")
CHARGE = cast(Charge, None)
ACCEPTED = Reading(verdict=Verdict.PENDING)


class Phone:
    """A provider that says what it is told to."""

    def __init__(self, said: Reading | Exception) -> None:
        self.said = said

    async def prompt(self, _charge: Charge) -> Reading:
        if isinstance(self.said, Exception):
            raise self.said
        return self.said

    async def inquire(self, charge: Charge) -> Reading:
        return await self.prompt(charge)

    async def aclose(self) -> None:
        """Nothing is open."""


class Process:
    """One worker: its own tally, the shared rows."""

    def __init__(self, database: Database) -> None:
        self.tally, self.live = Tally(), [0]
        self.watch = RailWatch(database, self.tally, [RAIL], rules=Rules(), told=self.live.append)

    async def rings(self, said: Reading | Exception, times: int = 1, *, asks: bool = False) -> None:
        phone: Collects = Collector(Line(RAIL, self.tally, Pacer({})), Phone(said))
        for _ in range(times):
            call: Awaitable[Reading] = phone.inquire(CHARGE) if asks else phone.prompt(CHARGE)
            await asyncio.gather(call, return_exceptions=True)


@pytest.fixture
def worker(database: Database) -> Process:
    """A worker process."""
    return Process(database)


@pytest.mark.parametrize(
    ("said", "counts"),
    [
        (ACCEPTED, Counts(answered=1)),
        (Unreachable("no"), Counts(troubled=1)),
        (Ambiguous("no answer"), Counts(troubled=1)),
        (Reading(verdict=Verdict.REFUSED, reason=Reason.WRONG_PIN), Counts(answered=1)),
        (Reading(verdict=Verdict.REFUSED, reason=Reason.INSUFFICIENT_FUNDS), Counts(answered=1)),
        (Reading(verdict=Verdict.UNKNOWN, reason=Reason.PROVIDER_ERROR), Counts(troubled=1)),
        (Reading(verdict=Verdict.REFUSED, reason=Reason.CREDENTIALS), Counts(troubled=1)),
        (
            Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.RATE_LIMITED),
            Counts(throttled=1),
        ),
        (Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND), Counts(answered=1)),
    ],
)
async def test_a_payers_refusal_is_an_answer_and_silence_is_trouble(
    worker: Process, said: Reading | Exception, counts: Counts
) -> None:
    await worker.rings(said)
    assert worker.tally.take() == {RAIL: counts}


async def test_what_was_refused_without_a_call_says_nothing_of_the_rail(worker: Process) -> None:
    await worker.rings(Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOTHING_TO_ASK_WITH))
    assert worker.tally.take() == {}


async def test_a_thousand_payments_are_one_row(rails: Rails, worker: Process) -> None:
    await worker.rings(ACCEPTED, 1000)
    await worker.watch.flush()
    assert rails.sql("select answered from rail_outcomes") == [(1000,)]


async def test_the_trouble_of_two_processes_opens_the_rail_for_both(
    rails: Rails, database: Database
) -> None:
    one, other = Process(database), Process(database)
    await one.rings(Unreachable("no"), 5)
    await one.watch.flush()
    assert rails.stands("mpesa") == "up"
    await other.rings(Ambiguous("no answer"), 5)
    await other.watch.flush()
    assert rails.stands("mpesa") == "open"


async def test_a_rail_goes_down_and_comes_back_by_trials(rails: Rails, worker: Process) -> None:
    path = []
    for said, times, seconds in (
        (Unreachable("no"), 10, 5),
        (Unreachable("no"), 1, 15),
        (ACCEPTED, 0, 1),
        (ACCEPTED, 5, 1),
    ):
        await worker.rings(said, times)
        await worker.watch.flush()
        path.append(rails.stands("mpesa"))
        rails.later(seconds)
    assert path == ["open", "open", "half_open", "up"]
    changes = rails.sql("select from_state, to_state from rail_changes order by at")
    assert changes == [("up", "open"), ("open", "half_open"), ("half_open", "up")]


async def test_trouble_of_long_ago_opens_nothing(rails: Rails, worker: Process) -> None:
    await worker.rings(Unreachable("no"), 9)
    await worker.watch.flush()
    rails.later(121)
    await worker.rings(Unreachable("no"), 9)
    await worker.watch.flush()
    assert rails.stands("mpesa") == "up"


async def test_announced_maintenance_closes_a_rail_that_answers(
    rails: Rails, worker: Process
) -> None:
    rails.sql(
        "insert into rail_windows (id, provider, starts_at, ends_at, reason, actor) values"
        " (gen_random_uuid(), 'mpesa', now(), now() + interval '1 hour', 'upgrade', 'op.amina')"
    )
    await worker.rings(ACCEPTED, 50)
    await worker.watch.flush()
    stood = rails.stands("mpesa")
    rails.later(3601)
    await worker.watch.flush()
    assert (stood, rails.stands("mpesa")) == ("maintenance", "half_open")


async def test_what_could_not_be_written_down_counts_with_the_next(
    rails: Rails, urls: object, database: Database
) -> None:
    away = Database("postgresql://kauri_app@127.0.0.1:1/none")
    process = Process(away)
    await process.rings(Unreachable("no"), 10)
    with pytest.raises((psycopg.OperationalError, psycopg.Error)):
        await process.watch.flush()
    back = Process(database)
    back.tally.put_back(process.tally.take())
    await back.watch.flush()
    assert rails.stands("mpesa") == "open"


async def test_processes_that_judge_at_once_change_a_rail_once(
    rails: Rails, database: Database
) -> None:
    processes = [Process(database) for _ in range(4)]
    for process in processes:
        await process.rings(Unreachable("no"), 10)
    await asyncio.gather(*(process.watch.flush() for process in processes))
    assert rails.sql("select to_state from rail_changes") == [("open",)]
    await processes[0].watch.flush()
    assert processes[0].live[-1] == 4
