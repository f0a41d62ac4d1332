"""A lender, a short code and a row of a collection, for the workflow ring."""

import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.account_matching import AccountMatching
from activities.collection_confirming import CollectionConfirming
from activities.collection_letters import CollectionLetters
from activities.collection_prompts import CollectionPrompts, prompt_id
from activities.collection_undoing import CollectionUndoing
from activities.collections import Collections
from models import ids
from models.account_matching import Target, TargetKind
from models.checkout import OperatorAsk
from models.collection_confirmation import PAYMENT_TOLD, PaymentTold
from models.collection_decisions import DECIDE, AfterReversal, CollectionDecision, ReversalOrder
from models.collection_order import CollectionMemory, CollectionOrder, Paid
from models.lending import Loan, LoanTransaction
from models.money import Money
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import ASK, REPORTED, SagaKind, SagaRef, SagaStory
from models.vault_postings import VaultPosting
from runtime import updates
from runtime.partners import Known
from runtime.sandbox import workflow_runner
from tests.workflows.collection_lender import FakeLender, a_loan
from tests.workflows.collection_turns import Turns
from tests.workflows.harness import PAID, PENDING, TERMS, FakeProvider
from tests.workflows.vault_fakes import FakeSagas, OpenFence
from tests.workflows.waiting import until
from workflows.collection import CollectionWorkflow
from workflows.collection_reversal import CollectionReversalWorkflow

CAME = Money(50_000, "KES")
RECEIPT = "TKL3XYZ9AB"
PHONE = "254712000001"
QUICK = replace(
    TERMS, patience=0.1, ask_every=(0.1,), settle_time=0.1, prompt_lifetime=0.3, resends=2
)
LOAN = Target(kind=TargetKind.LOAN, id=12, account_no="000000012", client_id=3)


@dataclass
class FakePayBill:
    """Takes questions about receipts. `answers`: one for each question, then silence.

    A Reading is the acknowledgement alone; an exception is raised.
    """

    client: Client
    answers: list[PaymentTold | Reading | Exception] = field(default_factory=list)
    asked: list[str | None] = field(default_factory=list)

    async def ask(
        self,
        *,
        result_url: str,
        timeout_url: str,
        reference: str | None = None,
        receipt: str | None = None,
    ) -> Reading:
        self.asked.append(receipt)
        said = self.answers.pop(0) if self.answers else PENDING
        if isinstance(said, Exception):
            raise said
        if isinstance(said, Reading):
            return said
        asker = result_url.partition("/")[0]
        await self.client.get_workflow_handle(asker).signal(PAYMENT_TOLD, said)
        return PENDING


@dataclass
class FakePartner:
    """One partner's lender and short codes."""

    books: FakeLender
    provider: FakeProvider
    pay_bill: FakePayBill | None = None

    async def mpesa(self, _org_id: str, _livemode: bool, purpose: str) -> FakePayBill:
        assert purpose == "c2b"
        assert self.pay_bill is not None
        return self.pay_bill

    async def mifos(self, _org_id: str, _livemode: bool) -> FakeLender:
        return self.books

    async def stk(self, _org_id: str, _livemode: bool) -> FakeProvider:
        return self.provider

    async def known(self, _org_id: str, _livemode: bool, _kind: str) -> Known:
        return Known(
            id="cred_1",
            short_code=None,
            shown={"payment_type": "Mobile Money", "zone": "Africa/Nairobi"},
            password_set_at=None,
        )


class Recalled:
    """Stands for the row that a run which began anew reads."""

    @activity.defn(name="collection.remember")
    async def remember(self, _saga: SagaRef) -> CollectionMemory:
        return CollectionMemory()


def a_saga_ref() -> SagaRef:
    return SagaRef(
        id=ids.mint(ids.COLLECTION),
        kind=SagaKind.COLLECTION,
        org_id=ids.mint(ids.ORG),
        livemode=False,
    )


def an_order(account: str = "12", *, rings: bool = False, **changes: Any) -> CollectionOrder:
    paid = Paid(
        receipt=RECEIPT,
        amount=CAME,
        paid_at=datetime(2026, 11, 21, 9, tzinfo=UTC),
        evidence_id=ids.mint(ids.EVIDENCE),
    )
    plain = CollectionOrder(
        saga=a_saga_ref(),
        short_code="600966",
        tenant="default",
        amount=CAME,
        account=account,
        payer=PHONE if rings else "2547 ***** 001",
        paid=None if rings else paid,
        prompt_terms=TERMS if rings else None,
        posting_terms=QUICK,
        scale=0.1,
    )
    return replace(plain, **changes)


class World:
    """One worker with fakes; carries one collection."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.queue = f"collections-{uuid.uuid4()}"
        self.books = FakeLender()
        self.provider = FakeProvider(prompts=[PENDING], answers=[PAID])
        self.pay_bill = FakePayBill(client)
        self.turns = Turns()
        self.sagas = FakeSagas("received")
        self.handle: WorkflowHandle[Any, str]

    async def start(self, order: CollectionOrder) -> None:
        self.sagas.state = order.state
        self.handle = await self.client.start_workflow(
            CollectionWorkflow.run, order, id=order.saga.id, task_queue=self.queue
        )

    async def reverses(self, order: ReversalOrder) -> str:
        self.sagas.state = order.state
        self.handle = await self.client.start_workflow(
            CollectionReversalWorkflow.run, order, id=order.workflow_id, task_queue=self.queue
        )
        return await self.handle.result()

    async def decide(self, decision: CollectionDecision) -> SagaStory:
        return await updates.execute(self.handle, DECIDE, decision, result_type=SagaStory)

    async def asks(self) -> SagaStory:
        question = OperatorAsk(actor="op.amina", reason="the payer calls")
        return await updates.execute(self.handle, ASK, question, result_type=SagaStory)

    async def hears(self, report: ProviderReport) -> None:
        await self.handle.signal(REPORTED, report)

    async def reaches(self, state: str) -> None:
        """Wait until the row stands there."""
        sagas = self.sagas
        await until(lambda: sagas.state == state, lambda: f"stayed {sagas.state}, not {state}")

    @property
    def postings(self) -> list[VaultPosting]:
        return [step.posting for step in self.sagas.written if step.posting]

    @property
    def cases(self) -> list[str]:
        return [step.case.kind for step in self.sagas.written if step.case]

    @property
    def told(self) -> list[tuple[str, str | None]]:
        """Events and phones of what was to be told."""
        return [(one.event, one.to_phone) for step in self.sagas.written for one in step.notices]


@asynccontextmanager
async def a_world(client: Client) -> AsyncIterator[World]:
    world = World(client)
    fence: Any = OpenFence(world.sagas)
    partner: Any = FakePartner(world.books, world.provider, world.pay_bill)
    prompts = CollectionPrompts(partner, fence, lambda owner, slug: f"{owner}/{slug}")
    posting, undoing = Collections(partner, fence), CollectionUndoing(partner, fence)
    activities: list[Callable[..., Any]] = [
        world.sagas.write,
        AccountMatching(partner).match,
        CollectionConfirming(partner, world.turns, lambda owner, slug: f"{owner}/{slug}").ask,
        prompts.ring,
        prompts.ask,
        posting.post,
        posting.look,
        undoing.undo,
        undoing.look_undone,
        CollectionLetters(partner).compose,
        Recalled().remember,
    ]
    async with Worker(
        client,
        task_queue=world.queue,
        workflows=[CollectionWorkflow, CollectionReversalWorkflow],
        activities=activities,
        workflow_runner=workflow_runner(),
    ):
        yield world


def decided(word: Any, **changes: Any) -> CollectionDecision:
    plain = CollectionDecision(
        word=word, actor="op.amina", approver="op.brian", reason="the payer called"
    )
    return replace(plain, **changes)


def a_reversal(word: AfterReversal = AfterReversal.UNDO, **changes: Any) -> ReversalOrder:
    plain = ReversalOrder(
        saga=a_saga_ref(),
        state="posted",
        amount=CAME,
        receipt=RECEIPT,
        target=LOAN,
        transaction_id=564,
        word=word,
        actor="op.amina",
        approver="op.brian",
        reason="statement of the day",
        scale=0.1,
    )
    return replace(plain, **changes)


def posted_loan() -> Loan:
    line = LoanTransaction(
        id=564,
        kind="repayment",
        amount=CAME,
        on=date(2026, 11, 21),
        external_id=RECEIPT,
        receipt=RECEIPT,
    )
    return a_loan(transactions=(line,))


def came_by_callback(order: CollectionOrder, *, hint: bool = True) -> ProviderReport:
    reading = Reading(
        verdict=Verdict.SETTLED, amount=CAME, receipt=RECEIPT, provider_reference="ws_CO_1"
    )
    return ProviderReport(
        attempt_id=prompt_id(order.saga.id),
        source=Source.CALLBACK,
        reading=reading,
        evidence_id=ids.mint(ids.EVIDENCE),
        hint=hint,
    )


def told(reading: Reading | None = None, *, credited: str | None = "600966") -> PaymentTold:
    """M-Pesa's answer about the receipt; by itself, that it came."""
    came = Reading(verdict=Verdict.SETTLED, amount=CAME, receipt=RECEIPT)
    return PaymentTold(
        reading=reading or came, credited=credited, evidence_id=ids.mint(ids.EVIDENCE)
    )
