"""Endings of a batch of payouts: what `record` writes and replay reads."""

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio.client import Client, WorkflowHandle

from models.approval import ApprovalStanding
from models.payout_batch import BatchRead, BatchWord, RowState
from tests.workflows.batch_harness import Batch, a_batch

Play = Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]
Acts = Callable[[Batch], Awaitable[None]]


async def _nothing(_batch: Batch) -> None:
    """It goes to its end by itself."""


def _batch(acts: Acts = _nothing, *, read: BatchRead | None = None, **rows: int) -> Play:
    """A batch of so many rows to whom somebody does this; no payout ends before `acts` lets it."""

    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with a_batch(client, **rows) as batch:
            batch.rows.read_as = read or batch.rows.read_as
            batch.rows.pays = 10_000 if acts is _nothing else 0
            await batch.start(window=2)
            await acts(batch)
            batch.rows.pays = 10_000
            await batch.ends()
            return batch.handle

    return play


async def _paused_and_resumed(batch: Batch) -> None:
    await batch.until(lambda: batch.rows.made == 2)
    await batch.says(BatchWord.PAUSE)
    await batch.until(lambda: batch.sagas.state == "paused")
    await batch.says(BatchWord.RESUME)
    await batch.until(lambda: batch.sagas.state == "running")


async def _canceled(batch: Batch) -> None:
    await batch.until(lambda: batch.rows.made == 2)
    await batch.says(BatchWord.CANCEL)
    await batch.until(lambda: batch.rows.stopped == 1)


async def _paused_and_canceled(batch: Batch) -> None:
    await batch.until(lambda: batch.rows.made == 2)
    await batch.says(BatchWord.PAUSE)
    await batch.until(lambda: batch.sagas.state == "paused")
    await _canceled(batch)


async def _released(batch: Batch) -> None:
    batch.rows.pays = 10_000
    await batch.until(lambda: batch.rows.rows.get(RowState.PAID) == 2)
    batch.rows.rows[RowState.READY] = batch.rows.rows.pop(RowState.HELD_DUPLICATE)
    await batch.says(BatchWord.LOOK)


async def _one_fails(batch: Batch) -> None:
    await batch.until(lambda: batch.rows.made == 2)
    batch.rows.fails = 1


def _decided(standing: ApprovalStanding) -> Acts:
    async def acts(batch: Batch) -> None:
        await batch.until(lambda: bool(batch.approval.asked))
        await batch.is_decided(standing)

    return acts


async def _canceled_before_it_was_allowed(batch: Batch) -> None:
    await batch.until(lambda: bool(batch.approval.asked))
    await batch.says(BatchWord.CANCEL)


async def _continued(client: Client) -> WorkflowHandle[Any, Any]:
    """The first run of a chain, which ended by beginning anew."""
    async with a_batch(client, ready=12) as batch:
        batch.rows.pays = 1
        await batch.start(window=1, looks=4)
        await batch.ends()
        return client.get_workflow_handle(
            batch.handle.id, run_id=batch.handle.first_execution_run_id
        )


_ASKED = BatchRead(approval=True, life=36_000.0)
BATCH_ENDINGS: dict[str, Play] = {
    "payout-batch-completed": _batch(ready=3),
    "payout-batch-completed_with_errors": _batch(_one_fails, ready=3),
    "payout-batch-invalid": _batch(read=BatchRead(refused="there is no column amount")),
    "payout-batch-paused_and_resumed": _batch(_paused_and_resumed, ready=4),
    "payout-batch-paused_and_canceled": _batch(_paused_and_canceled, ready=4),
    "payout-batch-canceled": _batch(_canceled, ready=4),
    "payout-batch-duplicate_released": _batch(_released, ready=2, held_duplicate=1),
    "payout-batch-approved": _batch(_decided(ApprovalStanding.APPROVED), read=_ASKED, ready=2),
    "payout-batch-rejected": _batch(_decided(ApprovalStanding.REJECTED), read=_ASKED, ready=2),
    "payout-batch-approval_expired": _batch(
        _decided(ApprovalStanding.EXPIRED), read=_ASKED, ready=2
    ),
    "payout-batch-canceled_before_it_was_allowed": _batch(
        _canceled_before_it_was_allowed, read=_ASKED, ready=2
    ),
    "payout-batch-continued": _continued,
}
