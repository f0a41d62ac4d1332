"""An escrow's rows in memory: what is decided, paid and refunded, as its workflow reads it."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from models import ids
from models.escrow_order import AWAKE, EscrowOrder, ReleaseRule
from models.escrow_postings import EscrowReleased
from models.escrow_rules import EscrowLook, EscrowPart
from models.fees import Fee, FeeRule
from models.money import Money
from models.refund_order import REFUND_ENDED, RefundEnded
from models.saga import REQUESTED, SagaKind, SagaRef
from runtime.sandbox import workflow_runner
from tests.workflows.vault_fakes import FakeSagas
from workflows.escrow import EscrowWorkflow

ASKED = Money(10_000, "KES")


def an_order(*, after: int | None = None, patience: float = 3_600.0) -> EscrowOrder:
    """An escrow of 100 shillings at two per cent, released by hand unless `after`.

    Seconds of the rule are hundredths of one.
    """
    saga = SagaRef(
        id=ids.mint(ids.ESCROW), kind=SagaKind.ESCROW, org_id=ids.mint(ids.ORG), livemode=False
    )
    return EscrowOrder(
        saga=saga,
        amount=ASKED,
        checkout_id=ids.mint(ids.CHECKOUT),
        payment_id=ids.mint(ids.PAYMENT),
        expires_at=datetime.now(UTC) + timedelta(seconds=patience),
        rule=ReleaseRule(after=after),
        fee=FeeRule(basis_points=200),
        wait_scale=0.01,
    )


@dataclass
class FakeEscrow:
    """The rows of one escrow. Every part is (number, kind, minor units)."""

    sagas: FakeSagas = field(default_factory=lambda: FakeSagas("created"))
    funded: int = 0
    over: bool = False
    disputed: bool = False
    frozen: float = 0.0
    parts: list[tuple[int, str, int]] = field(default_factory=list)
    refunds: dict[int, str] = field(default_factory=dict)
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    def decide(self, kind: str, minor: int) -> None:
        """A part is taken, as the API does."""
        number = len(self.parts) + 1
        self.parts.append((number, kind, minor))
        if kind == "refund":
            self.refunds[number] = "processing"

    @property
    def left(self) -> int:
        """What nobody has decided about."""
        failed = {number for number, state in self.refunds.items() if state == "failed"}
        return self.funded - sum(minor for number, _, minor in self.parts if number not in failed)

    @activity.defn(name="escrow.look")
    async def look(self, _saga: SagaRef) -> EscrowLook:
        """As the real one reads it."""
        self.looked.set()
        shown: dict[str, Any] = {}
        for step in self.sagas.written:
            shown |= step.shows
        carried = shown.get("parts_carried", 0)
        waiting = [one for one in self.parts if one[1] == "release" and one[0] > carried]
        return EscrowLook(
            state=self.sagas.state,
            left=replace(ASKED, minor=self.left),
            released=replace(ASKED, minor=shown.get("released", 0)),
            refunded=self._refunds("succeeded"),
            refunding=self._refunds("processing"),
            fee=Fee(net=replace(ASKED, minor=shown.get("fee", 0)), tax=replace(ASKED, minor=0)),
            shown=(shown.get("refunded", 0), shown.get("refunding", 0)),
            funded=replace(ASKED, minor=self.funded) if self.funded else None,
            funded_at=datetime.fromisoformat(shown["funded_at"]) if "funded_at" in shown else None,
            over=self.over,
            release=_part(waiting[0]) if waiting else None,
            disputed=self.disputed,
            frozen=self.frozen,
        )

    @activity.defn(name="escrow.run_out")
    async def run_out(self, _saga: SagaRef) -> bool:
        """The timer takes the rest."""
        if self.disputed or not self.left:
            return False
        self.decide("release", self.left)
        return True

    @property
    def released(self) -> list[tuple[int, int]]:
        """Part and amount of every release that was booked."""
        found = [step.posting for step in self.sagas.written]
        return [(one.part, one.amount.minor) for one in found if isinstance(one, EscrowReleased)]

    @property
    def events(self) -> list[str]:
        """What the merchant was told, in order."""
        return [event for step in self.sagas.written for event in step.events]

    def _refunds(self, state: str) -> Money:
        sums = [minor for number, _, minor in self.parts if self.refunds.get(number) == state]
        return replace(ASKED, minor=sum(sums))


def _part(part: tuple[int, str, int]) -> EscrowPart:
    return EscrowPart(number=part[0], amount=replace(ASKED, minor=part[2]))


@dataclass
class Kept:
    """One escrow under test: its rows and its run."""

    rows: FakeEscrow
    handle: WorkflowHandle[Any, str]

    async def paid(self, minor: int = ASKED.minor) -> None:
        """The payer has paid."""
        self.rows.funded, self.rows.over = minor, True
        await self.wake()

    async def decides(self, *parts: tuple[str, int]) -> None:
        """Parts are taken at once."""
        for kind, minor in parts:
            self.rows.decide(kind, minor)
        await self.wake()

    async def refund_ends(self, number: int, state: str) -> None:
        """The refund that carries a part has ended."""
        self.rows.refunds[number] = state
        ended = RefundEnded(refund_id=ids.mint(ids.REFUND), status=state, amount=ASKED)
        await self.handle.signal(REFUND_ENDED, ended)

    async def wake(self) -> None:
        """Tell it that there is something to see."""
        await self.handle.signal(REQUESTED, AWAKE)

    async def stands(self, *states: str) -> None:
        """Wait until it stands in one of these."""
        while self.rows.sagas.state not in states:
            self.rows.looked.clear()
            await asyncio.wait_for(self.rows.looked.wait(), 10)


Play = Callable[[Kept], Awaitable[None]]


@asynccontextmanager
async def kept(client: Client, order: EscrowOrder) -> AsyncIterator[Kept]:
    """One escrow's run, with a worker of its own."""
    rows, queue = FakeEscrow(), f"escrow-{uuid.uuid4()}"
    async with Worker(
        client,
        task_queue=queue,
        workflows=[EscrowWorkflow],
        activities=[rows.look, rows.run_out, rows.sagas.write],
        workflow_runner=workflow_runner(),
    ):
        handle = await client.start_workflow(
            EscrowWorkflow.run, order, id=order.saga.id, task_queue=queue
        )
        yield Kept(rows, handle)
