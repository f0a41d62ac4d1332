"""A batch by its endings: read, allowed, run, paused, resumed, canceled, and run in many runs."""

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from models.approval import ApprovalStanding
from models.payout_batch import BatchRead, BatchWord, RowState
from tests.workflows.batch_harness import a_batch


@pytest.fixture
def client(temporal: WorkflowEnvironment) -> Client:
    return temporal.client


async def test_a_batch_runs_until_every_row_is_paid(client: Client) -> None:
    async with a_batch(client, ready=7) as batch:
        await batch.start(window=3)
        assert await batch.ends() == "completed"
    assert batch.sagas.states == ["running", "completed"]
    assert batch.events == ["payout_batch.running", "payout_batch.completed"]
    assert (batch.rows.made, batch.rows.rows[RowState.PAID]) == (7, 7)


@pytest.mark.parametrize("rows", [{"ready": 2, "invalid": 1}, {"ready": 2, "refused": 1}])
async def test_a_batch_with_rows_that_were_not_paid_says_so(
    client: Client, rows: dict[str, int]
) -> None:
    async with a_batch(client, **rows) as batch:
        await batch.start()
        assert await batch.ends() == "completed_with_errors"


async def test_a_failed_payout_is_an_error_of_the_batch(client: Client) -> None:
    async with a_batch(client, ready=3) as batch:
        batch.rows.fails = 1
        await batch.start()
        assert await batch.ends() == "completed_with_errors"
    assert batch.sagas.written[-1].shows["rows"] == 3


async def test_a_file_that_cannot_be_read_ends_the_batch(client: Client) -> None:
    async with a_batch(client) as batch:
        batch.rows.read_as = BatchRead(refused="there is no column amount")
        await batch.start()
        assert await batch.ends() == "invalid"
    assert batch.sagas.written[-1].shows["reason"] == "there is no column amount"
    assert batch.rows.made == 0


async def test_a_pause_makes_no_further_payout_and_a_resume_goes_on(client: Client) -> None:
    async with a_batch(client, ready=6) as batch:
        batch.rows.pays = 0
        await batch.start(window=2)
        await batch.until(lambda: batch.rows.made == 2)
        await batch.says(BatchWord.PAUSE)
        await batch.until(lambda: batch.sagas.state == "paused")
        batch.rows.pays = 10
        seen = batch.rows.looked
        await batch.until(lambda: batch.rows.looked > seen + 1)
        assert (batch.rows.made, batch.rows.rows[RowState.PAID]) == (2, 2)
        await batch.says(BatchWord.RESUME)
        assert await batch.ends() == "completed"
    assert batch.sagas.states == ["running", "paused", "running", "completed"]


async def test_a_pause_does_not_wait_for_the_look_that_is_under_way(client: Client) -> None:
    async with a_batch(client, ready=6) as batch:
        batch.rows.open.clear()
        await batch.start()
        await batch.until(lambda: batch.rows.looked == 1)
        await batch.says(BatchWord.PAUSE)
        await batch.until(lambda: batch.sagas.state == "paused")
        batch.rows.open.set()
        await batch.until(lambda: batch.rows.looked > 1)
        assert batch.rows.made == 0
        await batch.says(BatchWord.CANCEL)
        assert await batch.ends() == "canceled"


async def test_a_canceled_batch_ends_when_what_was_sent_has_ended(client: Client) -> None:
    async with a_batch(client, ready=6) as batch:
        batch.rows.pays = 0
        await batch.start(window=2)
        await batch.until(lambda: batch.rows.made == 2)
        await batch.says(BatchWord.CANCEL)
        await batch.until(lambda: batch.rows.stopped == 1)
        seen = batch.rows.looked
        await batch.until(lambda: batch.rows.looked > seen + 1)
        assert batch.sagas.state == "running"
        batch.rows.pays = 10
        assert await batch.ends() == "canceled"
    assert (batch.rows.rows[RowState.PAID], batch.rows.rows[RowState.CANCELED]) == (2, 4)


async def test_rows_that_are_held_keep_the_batch_open_until_they_are_decided(
    client: Client,
) -> None:
    async with a_batch(client, ready=1, held_duplicate=1) as batch:
        await batch.start()
        await batch.until(lambda: batch.rows.rows.get(RowState.PAID) == 1)
        assert batch.sagas.state == "running"
        batch.rows.rows[RowState.READY] = batch.rows.rows.pop(RowState.HELD_DUPLICATE)
        await batch.says(BatchWord.LOOK)
        assert await batch.ends() == "completed"


@pytest.mark.parametrize(
    ("standing", "ends", "reason"),
    [
        (ApprovalStanding.APPROVED, "completed", None),
        (ApprovalStanding.REJECTED, "canceled", "too much"),
        (ApprovalStanding.EXPIRED, "canceled", "approval_expired"),
    ],
)
async def test_a_batch_waits_for_a_second_person(
    client: Client, standing: ApprovalStanding, ends: str, reason: str | None
) -> None:
    async with a_batch(client, ready=2) as batch:
        batch.rows.read_as = BatchRead(approval=True, life=36_000.0)
        await batch.start()
        await batch.until(lambda: bool(batch.approval.asked))
        assert (batch.sagas.state, batch.rows.made) == ("requires_approval", 0)
        await batch.is_decided(standing)
        assert await batch.ends() == ends
    assert batch.sagas.written[-1].shows.get("reason") == reason
    assert batch.rows.made == (2 if standing is ApprovalStanding.APPROVED else 0)


async def test_a_batch_that_waits_for_a_second_person_can_be_canceled(client: Client) -> None:
    async with a_batch(client, ready=2) as batch:
        batch.rows.read_as = BatchRead(approval=True, life=36_000.0)
        await batch.start()
        await batch.until(lambda: bool(batch.approval.asked))
        await batch.says(BatchWord.CANCEL)
        assert await batch.ends() == "canceled"
    assert batch.rows.made == 0


@pytest.mark.parametrize("read", [BatchRead(), BatchRead(approval=True, life=36_000.0)])
async def test_a_batch_canceled_while_its_file_is_read_pays_nobody(
    client: Client, read: BatchRead
) -> None:
    async with a_batch(client, ready=2) as batch:
        batch.rows.read_as = read
        batch.rows.readable.clear()
        await batch.start()
        await batch.says(BatchWord.CANCEL)
        batch.rows.readable.set()
        assert await batch.ends() == "canceled"
    assert (batch.rows.made, batch.rows.rows[RowState.CANCELED]) == (0, 2)


async def test_a_long_batch_goes_on_in_a_new_run_and_its_history_stays_short(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_batch(client, ready=30) as batch:
        batch.rows.pays = 1
        await batch.start(window=1, looks=5)
        assert await batch.ends() == "completed"
        runs, longest = 0, 0
        async for run in client.list_workflows(f'WorkflowId = "{batch.order.saga.id}"'):
            runs, longest = runs + 1, max(longest, run.history_length)
    assert batch.rows.made == 30
    assert batch.sagas.states == ["running", "completed"]
    assert (runs >= 4, longest < 150) == (True, True)


async def test_a_pause_is_not_lost_though_a_run_that_died_used_its_key(client: Client) -> None:
    async with a_batch(client, ready=9) as batch:
        batch.rows.pays, batch.sagas.spent = 0, {"paused"}
        await batch.start(window=3)
        await batch.until(lambda: batch.rows.made == 3)
        await batch.says(BatchWord.PAUSE)
        await batch.until(lambda: batch.sagas.state == "paused")
        await batch.says(BatchWord.CANCEL)
        batch.rows.pays = 10_000
        assert await batch.ends() == "canceled"
    assert batch.rows.made == 3
