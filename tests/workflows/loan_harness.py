"""One loan under test: its worker, its workflow, and what the outside says."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.fence import Fence
from activities.loan_posting import LoanPosting
from models import ids
from models.balances import BALANCES_TOLD, BalancesTold
from models.loan_order import PAYOUT, LoanOrder
from models.reading import ProviderReport, Reading, Source
from models.saga import (
    REPORTED,
    REQUESTED,
    SagaKind,
    SagaRef,
    SagaStory,
)
from runtime import updates
from runtime.sandbox import workflow_runner
from tests.workflows.loan_fakes import Keeper, Lender, Partners, ShortCode, Told
from tests.workflows.loan_readings import TERMS
from tests.workflows.waiting import PATIENCE, until
from workflows.loan_disbursement import LoanDisbursementWorkflow
from workflows.loan_reversal import LoanReversalWorkflow


class World:
    """One loan under test."""

    def __init__(
        self, client: Client, lender: Lender, short_code: ShortCode, keeper: Keeper
    ) -> None:
        self.client, self.lender, self.short_code, self.keeper = client, lender, short_code, keeper
        self.queue = f"test-{uuid.uuid4()}"
        self.order = an_order()
        self.handle: WorkflowHandle[Any, str]
        short_code.says, short_code.tells = self._says, self._tells
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, **changes: Any) -> None:
        self.order = replace(self.order, **changes)
        self.handle = await self.client.start_workflow(
            LoanDisbursementWorkflow.run,
            self.order,
            id=self.order.saga.id,
            task_queue=self.queue,
        )

    async def ends(self) -> str:
        return await asyncio.wait_for(self.handle.result(), PATIENCE)

    async def says(
        self, reading: Reading, *, number: int = 1, source: Source = Source.CALLBACK
    ) -> None:
        """M-Pesa says something of a payout."""
        await self.reported(ids.instruction_id(self.order.saga.id, PAYOUT, number), reading, source)

    async def reported(self, about: str, reading: Reading, source: Source) -> None:
        report = ProviderReport(
            attempt_id=about, source=source, reading=reading, evidence_id=ids.mint(ids.EVIDENCE)
        )
        await self.handle.signal(REPORTED, report)

    async def wakes(self) -> None:
        await self.handle.signal(REQUESTED, {"actor": "poll"})

    async def updates(self, update: str, message: Any) -> SagaStory:
        return await updates.execute(self.handle, update, message, result_type=SagaStory)

    async def reaches(self, *states: str) -> None:
        """Wait until the row stands in one of the states."""
        keeper = self.keeper
        await until(lambda: keeper.state in states, lambda: f"stayed {keeper.state}, not {states}")

    async def until(self, holds: Callable[[], bool]) -> None:
        await until(holds, lambda: "it never came to hold")

    def _says(self, about: str, reading: Reading, source: Source) -> None:
        self._soon(self.reported(about.partition("|")[0], reading, source))

    def _tells(self, told: BalancesTold) -> None:
        self._soon(self.handle.signal(BALANCES_TOLD, told))

    def _soon(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def an_order(**changes: Any) -> LoanOrder:
    order = LoanOrder(
        saga=SagaRef(
            id=ids.mint(ids.LOAN), kind=SagaKind.LOAN, org_id=ids.mint(ids.ORG), livemode=False
        ),
        tenant="default",
        loan_id=17,
        account_no="000000017",
        partner="Umoja",
        scale=1.0,
        payout_terms=TERMS,
        posting_terms=TERMS,
    )
    return replace(order, **changes)


@asynccontextmanager
async def a_loan(
    client: Client,
    *,
    lender: Lender | None = None,
    short_code: ShortCode | None = None,
    keeper: Keeper | None = None,
) -> AsyncIterator[World]:
    lender, short_code, keeper = lender or Lender(), short_code or ShortCode(), keeper or Keeper()
    world = World(client, lender, short_code, keeper)
    partners, fence = Partners(lender, short_code), Fence(keeper)
    nothing: Any = None
    payouts = Told(partners, fence, lambda owner, slug: f"{owner}|{slug}", nothing, nothing)
    payouts.short_code = short_code
    posting = LoanPosting(partners, fence)
    async with Worker(
        client,
        task_queue=world.queue,
        workflows=[LoanDisbursementWorkflow, LoanReversalWorkflow],
        activities=[
            keeper.write,
            lender.examine, lender.reserve, lender.remember, lender.letters,
            payouts.pay, payouts.ask, payouts.balance, payouts.details,
            posting.post, posting.look, posting.undo, posting.look_undone,
        ],
        workflow_runner=workflow_runner(),
    ):  # fmt: skip
        yield world
