"""Fakes of a batch: rows as numbers, an approval's row, and payouts that end when a test says."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models import ids
from models.approval import APPROVAL, ApprovalLook, ApprovalStanding, ApprovalTerms
from models.payout_batch import (
    WORD,
    BatchOrder,
    BatchRead,
    BatchState,
    BatchWord,
    RowCount,
    RowState,
    Tally,
)
from models.saga import REQUESTED, SagaKind, SagaRef
from runtime.sandbox import workflow_runner
from tests.workflows.vault_fakes import FakeSagas
from tests.workflows.waiting import PATIENCE, until
from workflows.payout_batch import PayoutBatchWorkflow


class FakeRows:
    """How many rows stand in each state; a window's worth is made at each look that may.

    `pays`: how many of those under way are paid at a look; `fails` those that fail.
    `looked` counts looks; `open` keeps one from ending until it is set, `readable` the reading.
    """

    def __init__(self, sagas: FakeSagas, **rows: int) -> None:
        self._sagas = sagas
        self.rows = {RowState(state): number for state, number in rows.items()}
        self.read_as = BatchRead()
        self.pays, self.fails = 10_000, 0
        self.looked = self.made = self.stopped = 0
        self.open, self.readable = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.readable.set()

    @property
    def tally(self) -> Tally:
        counts = [
            RowCount(state=state, rows=number, amount=number * 100)
            for state, number in self.rows.items()
            if number
        ]
        return Tally(counts=tuple(counts))

    @activity.defn(name="batch.read")
    async def read(self, _order: BatchOrder) -> BatchRead:
        await self.readable.wait()
        return replace(self.read_as, tally=self.tally)

    @activity.defn(name="batch.advance")
    async def advance(self, order: BatchOrder) -> Tally:
        self._settle()
        await self.open.wait()
        room = order.window - self.rows.get(RowState.UNDER_WAY, 0)
        if self._sagas.state == BatchState.RUNNING:
            self.made += self._move(RowState.READY, RowState.UNDER_WAY, room)
        return self.tally

    @activity.defn(name="batch.watch")
    async def watch(self, _order: BatchOrder) -> Tally:
        self._settle()
        return self.tally

    @activity.defn(name="batch.stop")
    async def stop(self, _order: BatchOrder) -> Tally:
        self.stopped += 1
        for state in (RowState.READY, RowState.HELD_DUPLICATE):
            self._move(state, RowState.CANCELED, 10_000)
        return self.tally

    def _settle(self) -> None:
        self.looked += 1
        self._move(RowState.UNDER_WAY, RowState.FAILED, self.fails)
        self._move(RowState.UNDER_WAY, RowState.PAID, self.pays)

    def _move(self, old: RowState, new: RowState, most: int) -> int:
        moved = max(min(self.rows.get(old, 0), most), 0)
        self.rows[old] = self.rows.get(old, 0) - moved
        self.rows[new] = self.rows.get(new, 0) + moved
        return moved


class FakeApproval:
    """The row that decides."""

    def __init__(self) -> None:
        self.standing = ApprovalStanding.WAITING
        self.asked: list[ApprovalTerms] = []

    @activity.defn(name="approval.ask")
    async def ask(self, _saga: SagaRef, terms: ApprovalTerms) -> None:
        self.asked.append(terms)

    @activity.defn(name="approval.look")
    async def look(self, _saga: SagaRef) -> ApprovalLook:
        return ApprovalLook(standing=self.standing, checker="boss", reason="too much")

    @activity.defn(name="approval.escalate")
    async def escalate(self, _saga: SagaRef) -> bool:
        return True


class Batch:
    """One batch under test."""

    def __init__(self, client: Client, **rows: int) -> None:
        self.client = client
        self.queue = f"test-{uuid.uuid4()}"
        self.order = an_order()
        self.sagas = FakeSagas(BatchState.VALIDATING)
        self.rows, self.approval = FakeRows(self.sagas, **rows), FakeApproval()
        self.handle: WorkflowHandle[Any, str]

    async def start(self, **changes: Any) -> None:
        self.order = replace(self.order, **changes)
        self.handle = await self.client.start_workflow(
            PayoutBatchWorkflow.run, self.order, id=self.order.saga.id, task_queue=self.queue
        )

    async def ends(self) -> str:
        return await asyncio.wait_for(self.handle.result(), PATIENCE)

    async def says(self, word: BatchWord) -> None:
        await self.handle.signal(REQUESTED, {WORD: str(word), "actor": "shop"})

    async def is_decided(self, standing: ApprovalStanding) -> None:
        self.approval.standing = standing
        await self.handle.signal(REQUESTED, {APPROVAL: "decided", "actor": "boss"})

    async def until(self, holds: Callable[[], bool]) -> None:
        await until(holds, lambda: f"stayed {self.sagas.state} with {self.rows.rows}")

    @property
    def events(self) -> list[str]:
        return [event for step in self.sagas.written for event in step.events]


def an_order() -> BatchOrder:
    ref = SagaRef(
        id=ids.mint(ids.BATCH), kind=SagaKind.BATCH, org_id=ids.mint(ids.ORG), livemode=False
    )
    return BatchOrder(saga=ref, maker="shop", currency="KES", wait_scale=0.005)


@asynccontextmanager
async def a_batch(client: Client, **rows: int) -> AsyncIterator[Batch]:
    """A batch with so many rows in each state once its file is read."""
    batch = Batch(client, **rows)
    fakes, approval = batch.rows, batch.approval
    async with Worker(
        client,
        task_queue=batch.queue,
        workflows=[PayoutBatchWorkflow],
        activities=[fakes.read, fakes.advance, fakes.watch, fakes.stop, approval.ask,
                    approval.look, approval.escalate, batch.sagas.write],
        workflow_runner=workflow_runner(),
    ):  # fmt: skip
        yield batch
