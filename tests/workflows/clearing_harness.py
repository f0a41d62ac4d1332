"""One clearing move under test: a keeper of steps, a gate, a bank and a second person as fakes."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from activities.float_buying import FloatBuying
from activities.reports import report
from models import ids
from models.approval import ApprovalLook, ApprovalStanding
from models.clearing_move import CONCLUDE, ClearingOrder, ClearingSeen, ClearingWord
from models.float_gate import FloatAnswer, FloatAsk, FloatEnd, Gate
from models.money import Money
from models.places import BankAccount, ProviderWallet
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import REPORTED, REQUESTED, SagaKind, SagaRef, SagaStory
from runtime import updates
from runtime.sandbox import workflow_runner
from tests.workflows.float_fakes import FakeBank, FakeShortCode, FakeWatch
from tests.workflows.running_saga import RunningSaga
from tests.workflows.vault_fakes import FakeSagas, OpenFence
from tests.workflows.waiting import until
from workflows.clearing_move import ClearingMoveWorkflow

AMOUNT = Money(5_000_000, "KES")
POOL = BankAccount(bank="ncba", account="7744510018")
OTHER = BankAccount(bank="ncba", account="7744510026")
WAVE = ProviderWallet(provider="wave", wallet="collections")


class FakeGate:
    """Grants, or does not; remembers how each reservation ended."""

    def __init__(self) -> None:
        self.gate = Gate.GRANTED
        self.asked: list[FloatAsk] = []
        self.ended: list[bool] = []

    @activity.defn(name="float_gate.reserve")
    async def reserve(self, ask: FloatAsk) -> FloatAnswer:
        self.asked.append(ask)
        return FloatAnswer(gate=self.gate, room=Money(0, ask.amount.currency))

    @activity.defn(name="float_gate.release")
    async def release(self, end: FloatEnd) -> None:
        self.ended.append(end.spent)


class FakeLooks:
    """What the second person says, and what the statement at the other end shows."""

    def __init__(self) -> None:
        self.standing = ApprovalStanding.APPROVED
        self.shown: Money | None = None
        self.looked = self.away = 0

    @activity.defn(name="approval.look")
    async def allowed(self, _saga: SagaRef) -> ApprovalLook:
        return ApprovalLook(standing=self.standing, checker="tess", reason="as agreed")

    @activity.defn(name="clearing.look")
    async def look(self, order: ClearingOrder) -> ProviderReport | None:
        self.looked += 1
        if self.away:
            self.away -= 1
            raise ApplicationError("the bank does not answer", non_retryable=True)
        if self.shown is None or self.looked < 2:
            return None
        shown = Reading(verdict=Verdict.SETTLED, amount=self.shown, receipt="FT77")
        return report(order.saga.id, Source.STATEMENT, shown)


class Mover(RunningSaga):
    """One move under test."""

    def __init__(self, client: Client, order: ClearingOrder) -> None:
        self.client, self.order = client, order
        self.queue = f"test-{uuid.uuid4()}"
        self.sagas = FakeSagas("draft")
        self.fence = OpenFence(self.sagas)
        self.bank, self.gate, self.looks = FakeBank(), FakeGate(), FakeLooks()
        self.watch = FakeWatch(self.sagas, self.fence)

    async def start(self) -> None:
        self.handle = await self.client.start_workflow(
            ClearingMoveWorkflow.run, self.order, id=self.order.saga.id, task_queue=self.queue
        )

    async def decided(self) -> None:
        """The second person has said something."""
        await self.handle.signal(REQUESTED, {"approval": "said"})

    async def booked(self, posting: str) -> None:
        await until(lambda: posting in self.postings, lambda: f"only {self.postings}")

    async def told(self, money: Money, *, receipt: str = "FT88") -> None:
        """The bank tells of a credit under our reference."""
        reading = Reading(verdict=Verdict.SETTLED, amount=money, receipt=receipt)
        await self.handle.signal(REPORTED, report(self.order.saga.id, Source.CALLBACK, reading))

    async def concludes(
        self,
        word: ClearingWord,
        *,
        amount: Money = AMOUNT,
        actor: str = "tess",
        receipt: str | None = None,
    ) -> SagaStory:
        seen = ClearingSeen(
            word=word, actor=actor, amount=amount, evidence="the portal", receipt=receipt
        )
        return await updates.execute(self.handle, CONCLUDE, seen, result_type=SagaStory)


def an_order(**changes: Any) -> ClearingOrder:
    """From the pool account to a float, by hand; `to_account` sends it through the bank."""
    saga = SagaRef(
        id=ids.mint(ids.CLEARING),
        kind=SagaKind.CLEARING,
        org_id=ids.shown(ids.ORG, ids.PLATFORM_ORG),
        livemode=False,
    )
    order = ClearingOrder(
        saga=saga,
        amount=AMOUNT,
        origin=POOL,
        destination=WAVE,
        reference=ids.top_up_reference(saga.id),
        maker="mara",
        expires_at=datetime.now(UTC) + timedelta(days=3),
        wait_scale=0.001,
    )
    return replace(order, **changes)


def through_the_bank(**changes: Any) -> ClearingOrder:
    return an_order(destination=OTHER, to_account=OTHER.account, **changes)


@asynccontextmanager
async def a_move(client: Client, order: ClearingOrder | None = None) -> AsyncIterator[Mover]:
    """A worker with fakes around one move."""
    move = Mover(client, order or an_order())
    buying = FloatBuying(
        bank=move.bank,
        phone="254712000001",
        partners=FakeShortCode(),
        fence=move.fence,  # type: ignore[arg-type] # a fence without rows
        address=lambda owner, slug: f"https://kauri.test/{slug}/{owner}",
    )
    async with Worker(
        client,
        task_queue=move.queue,
        workflows=[ClearingMoveWorkflow],
        activities=[
            move.sagas.write, buying.transfer, move.watch.trace, move.gate.reserve,
            move.gate.release, move.looks.allowed, move.looks.look,
        ],
        workflow_runner=workflow_runner(),
    ):  # fmt: skip
        yield move
