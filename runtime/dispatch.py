"""Accepted rows become running workflows; stored messages become signals.

API and relay share this: the API dispatches in the background right after its commit, the
relay re-drives whatever is still waiting. Both are idempotent.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from loguru import logger
from temporalio.client import Client
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models import faultpoints
from models.checkout import WORKFLOW as CHECKOUT
from models.loan_order import WORKFLOW as LOAN
from models.payout_order import WORKFLOW as PAYOUT
from runtime.database import Database
from runtime.pace import LOANS, PAYOUTS, PAYOUTS_AT_ONCE, PROMPTS, Pace
from workflows.attributes import MODE, ORG, PROVIDER, STATUS

_STARTED = "update starts set started_at = now() where id = any(%s) and started_at is null"
_DELIVERED = """
update inbox i set delivered_at = now(), outcome = o.outcome
  from unnest(%s::uuid[], %s::text[]) as o (id, outcome)
 where i.id = o.id and i.delivered_at is null"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One workflow to start: its type name, id, queue, input and search attributes."""

    kind: str
    workflow_id: str
    queue: str
    order: Any
    org: str
    provider: str
    livemode: bool
    summary: str = ""
    #: The attempt, loan or payout whose call it begins with: such starts keep pace with the calls.
    paced: UUID | None = None


class Dispatcher:
    """Starts and signals with bounded concurrency, and marks what is done in batches."""

    def __init__(self, client: Client, database: Database, concurrency: int = 32) -> None:
        self._client = client
        self._database = database
        self._gate = asyncio.Semaphore(concurrency)
        self._tasks: set[asyncio.Task[None]] = set()
        self._started: list[str] = []
        self._delivered: list[tuple[UUID, str]] = []
        self._limit = concurrency * 64
        self._paces = {
            CHECKOUT: Pace(PROMPTS),
            LOAN: Pace(LOANS),
            PAYOUT: Pace(PAYOUTS, most=PAYOUTS_AT_ONCE),
        }

    def room(self, kind: str) -> int:
        """How many more of the kind may be started; neither kind takes the other's room."""
        return self._paces[kind].room if kind in self._paces else self._limit

    async def start(self, start: Start) -> None:
        """Start once for ever: an id that runs or ran is left alone. Raises RPCError.

        A checkout, loan or payout for which there is no room now is left to the relay.
        """
        if start.paced is not None:
            if not self.room(start.kind):
                return
            self._paces[start.kind].begun(start.paced)
        attributes = TypedSearchAttributes(
            [
                SearchAttributePair(STATUS, "processing"),
                SearchAttributePair(PROVIDER, start.provider),
                SearchAttributePair(ORG, start.org),
                SearchAttributePair(MODE, "live" if start.livemode else "test"),
            ]
        )
        await faultpoints.reach("start.before", start.workflow_id)
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self._client.start_workflow(
                start.kind,
                start.order,
                id=start.workflow_id,
                task_queue=start.queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                search_attributes=attributes,
                static_summary=start.summary or None,
                task_timeout=timedelta(seconds=10),
            )
        await faultpoints.reach("start.after", start.workflow_id)
        self._started.append(start.workflow_id)

    async def signal(self, workflow_id: str, signal: str, message: Any) -> bool:
        """Signal a running workflow; False when it has closed or never was."""
        await faultpoints.reach("signal.before", workflow_id)
        try:
            await self._client.get_workflow_handle(workflow_id).signal(signal, message)
        except RPCError as error:
            if error.status == RPCStatusCode.NOT_FOUND:
                return False
            raise
        await faultpoints.reach("signal.after", workflow_id)
        return True

    def soon(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run in the background if there is room; what finds none is left to the relay."""
        if len(self._tasks) >= self._limit:
            return
        task = asyncio.create_task(self._gated(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _gated(self, work: Callable[[], Awaitable[None]]) -> None:
        async with self._gate:
            try:
                await work()
            except Exception as error:  # noqa: BLE001 - the row stays; the relay tries again
                logger.warning("left to the relay: {}", type(error).__name__)

    def delivered(self, row_id: UUID, outcome: str) -> None:
        """A stored message reached its workflow (or why it need not); kept until the flush."""
        self._delivered.append((row_id, outcome))

    async def flush(self) -> None:
        """Write down what was started and delivered, and see whose calls have left."""
        started, self._started = self._started, []
        delivered, self._delivered = self._delivered, []
        watching = [pace for pace in self._paces.values() if not pace.idle]
        if not started and not delivered and not watching:
            return
        try:
            async with self._database.system() as connection:
                await connection.execute(_STARTED, [started])
                rows, outcomes = [row for row, _ in delivered], [word for _, word in delivered]
                await connection.execute(_DELIVERED, [rows, outcomes])
                for pace in watching:
                    await pace.look(connection)
        except Exception:
            self._started.extend(started)
            self._delivered.extend(delivered)
            raise

    async def drain(self) -> None:
        """Wait for background work; called at shutdown."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
        with contextlib.suppress(Exception):
            await self.flush()
