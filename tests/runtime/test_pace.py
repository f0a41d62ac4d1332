"""Starts keep pace with first calls: there is room again when they left, or it is too late."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
import pytest

from models.ids import ATTEMPT, LOAN, ORG, mint, parsed, shown, uuid7
from models.loan_order import WORKFLOW, LoanOrder
from models.saga import SagaKind, SagaRef
from runtime.database import Database
from runtime.dispatch import Dispatcher
from runtime.pace import LOANS, PAYOUTS, PROMPTS, Pace
from runtime.starting import loan_start
from tests.activities.accepted import accept
from tests.conftest import Urls

_HELD = "update attempts set state = %s where id = %s"


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def unsent(urls: Urls) -> UUID:
    """An accepted attempt whose prompt has not left."""
    return parsed(ATTEMPT, accept(urls.admin).attempt)


async def looked(pace: Pace, database: Database) -> bool:
    async with database.system() as connection:
        await pace.look(connection)
    return bool(pace.room)


async def test_there_is_no_room_while_the_prompts_of_as_many_starts_have_not_left(
    database: Database, unsent: UUID
) -> None:
    pace = Pace(PROMPTS, most=1)
    pace.begun(unsent)
    assert not await looked(pace, database)


async def test_two_looks_at_once_forget_the_same_start_once(database: Database) -> None:
    pace = Pace(PROMPTS, most=1)
    pace.begun(uuid7())
    assert all(await asyncio.gather(looked(pace, database), looked(pace, database)))


async def test_a_prompt_that_left_makes_room(database: Database, unsent: UUID) -> None:
    pace = Pace(PROMPTS, most=1)
    pace.begun(unsent)
    async with database.system() as connection:
        await connection.execute(_HELD, ["sending", unsent])
    assert await looked(pace, database)


async def test_a_run_that_is_stuck_holds_nobody_up(database: Database, unsent: UUID) -> None:
    clock = Clock()
    pace = Pace(PROMPTS, most=1, patience=10.0, clock=clock)
    pace.begun(unsent)
    clock.now = 11.0
    assert await looked(pace, database)


async def test_nothing_is_watched_at_first() -> None:
    pace = Pace(PROMPTS, most=1)
    assert pace.idle
    pace.begun(uuid7())
    assert not pace.idle
    assert not pace.room


def a_loan(urls: Urls, state: str) -> UUID:
    """A loan that stands there."""
    return a_saga(urls, "loan_disbursement", state)


def a_saga(urls: Urls, kind: str, state: str, data: str = "{}") -> UUID:
    """A saga that stands there."""
    org, saga = uuid7(), uuid7()
    with psycopg.connect(urls.admin, autocommit=True) as connection:
        connection.execute("insert into orgs (id, kind, name) values (%s, 'partner', 'P')", [org])
        connection.execute(
            "insert into sagas (id, org_id, livemode, kind, state, data)"
            " values (%s, %s, false, %s, %s, %s)",
            [saga, org, kind, state, data],
        )
    return saga


@pytest.mark.parametrize(
    ("state", "left"),
    [("found", False), ("preflight", False), ("held", False), ("sending", True), ("parked", True)],
)
async def test_a_loan_makes_room_when_its_payout_has_left_or_it_waits(
    urls: Urls, database: Database, state: str, left: bool
) -> None:
    pace = Pace(LOANS, most=1)
    pace.begun(a_loan(urls, state))
    assert await looked(pace, database) is left


@pytest.mark.parametrize(
    ("state", "data", "left"),
    [
        ("draft", "{}", False),
        ("queued", "{}", False),
        ("queued", '{"queued_for": "float"}', True),
        ("scheduled", "{}", True),
        ("processing", "{}", True),
    ],
)
async def test_a_payout_makes_room_when_it_has_left_or_waits_for_something(
    urls: Urls, database: Database, state: str, data: str, left: bool
) -> None:
    pace = Pace(PAYOUTS, most=1)
    pace.begun(a_saga(urls, "payout", state, data))
    assert await looked(pace, database) is left


class Temporal:
    """Remembers what was started."""

    def __init__(self) -> None:
        self.started: list[str] = []

    async def start_workflow(self, kind: str, _order: Any, **_rest: Any) -> None:
        self.started.append(kind)


async def test_of_many_loans_as_many_run_as_pay_and_checkouts_keep_their_room(
    urls: Urls, database: Database
) -> None:
    temporal: Any = Temporal()
    dispatcher = Dispatcher(temporal, database)
    saga = SagaRef(id=mint(LOAN), kind=SagaKind.LOAN, org_id=shown(ORG, uuid7()), livemode=False)
    order = LoanOrder(saga=saga, tenant="t", loan_id=1, account_no="1", partner="P")
    loans = [a_loan(urls, "found") for _ in range(2)]
    waiting = [uuid7() for _ in range(148)]
    for loan in (*loans, *waiting):
        await dispatcher.start(loan_start(replace(order, saga=replace(saga, id=shown(LOAN, loan)))))
    assert temporal.started == [WORKFLOW] * 100
    assert (dispatcher.room(WORKFLOW), dispatcher.room("checkout")) == (0, 100)
    await dispatcher.flush()
    assert dispatcher.room(WORKFLOW)
