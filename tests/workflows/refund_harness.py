"""Fakes and builders of a refund: a rail that gives back and pays out, and what was told."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.refunds import Refunding
from models import ids
from models.approval import ApprovalLook, ApprovalStanding, ApprovalTerms
from models.charge import Terms
from models.fees import Fee
from models.float_gate import FloatAnswer, FloatAsk
from models.money import Money
from models.money_out import PayoutOrder, RefundOrder
from models.places import ProviderWallet
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.refund_order import RefundPlan, Way, first_state
from models.saga import REPORTED, REQUESTED, SagaKind, SagaRef
from providers.contract import AnswersAt
from runtime.sandbox import workflow_runner
from tests.workflows.harness import TERMS
from tests.workflows.payout_harness import FakeGround
from tests.workflows.running_saga import RunningSaga, following
from tests.workflows.vault_fakes import FakeSagas, OpenFence
from tests.workflows.waiting import PATIENCE
from workflows.refund import RefundWorkflow

AMOUNT = Money(4_000, "KES")
FEE = Fee(net=Money(90, "KES"), tax=Money(14, "KES"))
TAKEN = Reading(verdict=Verdict.PENDING, provider_reference="rf-1")
BACK = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt="R1", provider_reference="rf-1")
REFUSED = Reading(verdict=Verdict.REFUSED, reason=Reason.NOT_ALLOWED)
LOST = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)


class FakeRail:
    """Gives back and pays out from a script; the last answer repeats. Counts what was sent."""

    def __init__(self) -> None:
        self.answers: list[Reading] = [BACK]
        self.told: list[Reading] = [BACK]
        self.given: list[RefundOrder] = []
        self.paid: list[PayoutOrder] = []
        self.asked: list[RefundOrder | PayoutOrder] = []

    async def refund(self, order: RefundOrder) -> Reading:
        self.given.append(order)
        return following(self.answers)

    async def ask_refund(self, order: RefundOrder) -> Reading:
        self.asked.append(order)
        return following(self.told)

    async def pay_out(self, order: PayoutOrder) -> Reading:
        self.paid.append(order)
        return following(self.answers)

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        self.asked.append(order)
        return following(self.told)

    async def aclose(self) -> None:
        """Nothing is open."""


class Ground(FakeGround):
    """Remembers of each question for float whether it was a local one; those may find nobody."""

    def __init__(self) -> None:
        super().__init__()
        self.locals: list[bool] = []
        self.locally_away = False

    @activity.defn(name="float_gate.reserve")
    async def reserve(self, ask: FloatAsk) -> FloatAnswer:
        self.locals.append(activity.info().is_local)
        if self.locally_away and self.locals[-1]:
            raise ConnectionError("the database is slow")
        return await super().reserve(ask)


class Saga(RunningSaga):
    """One refund under test."""

    def __init__(self, client: Client, plan: RefundPlan) -> None:
        self.client, self.plan = client, plan
        self.queue = f"test-{uuid.uuid4()}"
        self.sagas = FakeSagas(first_state(plan))
        self.fence = OpenFence(self.sagas)
        self.rail, self.ground = FakeRail(), Ground()
        self.told: list[RefundPlan] = []

    @activity.defn(name="refund.tell")
    async def tell(self, plan: RefundPlan) -> None:
        """The payer is told."""
        self.told.append(plan)

    async def start(self) -> None:
        self.handle = await self.client.start_workflow(
            RefundWorkflow.run, self.plan, id=self.plan.saga.id, task_queue=self.queue
        )

    async def requests(self, **message: Any) -> None:
        await self.handle.signal(REQUESTED, {"actor": "shop", **message})

    async def decides(self, standing: ApprovalStanding) -> None:
        """A second person says a word."""
        self.ground.decided = ApprovalLook(standing=standing, checker="boss", reason="looked")
        await self.requests(approval="decided")

    async def says(self, reading: Reading, *, hint: bool = False) -> None:
        """A callback about the instruction."""
        told = ProviderReport(
            attempt_id=self.plan.instruction,
            source=Source.CALLBACK,
            reading=reading,
            evidence_id=ids.mint(ids.EVIDENCE),
            hint=hint,
        )
        await self.handle.signal(REPORTED, told)

    async def cased(self) -> None:
        """Wait until a person is asked."""
        await asyncio.wait_for(self.sagas.cased.wait(), PATIENCE)

    async def asked_for_float(self) -> None:
        """Wait until it asked its float for room."""
        await asyncio.wait_for(self.ground.reserved.wait(), PATIENCE)

    @property
    def spent(self) -> list[bool]:
        return [end.spent for end in self.ground.ended]


def a_plan(way: Way = Way.NATIVE, *, terms: Terms = TERMS, **changes: Any) -> RefundPlan:
    saga = SagaRef(
        id=ids.mint(ids.REFUND), kind=SagaKind.REFUND, org_id=ids.mint(ids.ORG), livemode=False
    )
    plan = RefundPlan(
        saga=saga,
        payment_id=ids.mint(ids.PAYMENT),
        attempt_id=ids.mint(ids.ATTEMPT),
        amount=AMOUNT,
        paid=Money(10_000, "KES"),
        way=way,
        out_of=ProviderWallet(provider="wave", wallet="collections"),
        our_reference="ours-1",
        terms=terms,
        payer="254712000001",
        fee=FEE,
        provider_reference="cos-1",
        receipt="P1",
    )
    return replace(plan, **changes)


def of_a_case() -> RefundPlan:
    """All the money of a case, set aside when two people decided it."""
    return a_plan(case=ids.mint(ids.CASE), paid=AMOUNT, fee=None)


def approval(*, life: float = 3_600.0) -> ApprovalTerms:
    """Of whoever asked just now."""
    now = datetime.now(UTC)
    return ApprovalTerms(
        maker="shop",
        expires_at=now + timedelta(seconds=life),
        escalates_at=now + timedelta(seconds=life / 2),
    )


@asynccontextmanager
async def a_refund(client: Client, plan: RefundPlan | None = None) -> AsyncIterator[Saga]:
    """A refund with its worker, not started yet."""
    saga = Saga(client, plan or a_plan())
    refunding = Refunding(
        {"wave": saga.rail},
        {"wave": saga.rail},
        saga.fence,
        lambda owner, slug: f"https://kauri.test/{owner}/{slug}",
        {"wave": AnswersAt(payout="in", asked="asked")},
    )
    async with Worker(
        client,
        task_queue=saga.queue,
        workflows=[RefundWorkflow],
        activities=[
            saga.sagas.write,
            saga.tell,
            refunding.give_back,
            refunding.ask,
            *saga.ground.activities,
        ],
        workflow_runner=workflow_runner(),
    ):
        yield saga
