"""Fakes and builders of the workflow ring: a provider, a record keeper, one checkout."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities import reports
from activities.charges import Charges
from activities.records import Records
from models import ids
from models.charge import Charge, Terms
from models.checkout import AttemptOrder, CheckoutOrder, Outcome, PromptOrder, Story
from models.fees import FeeRule
from models.lifecycle import AttemptState
from models.money import Money
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.step import Posting, Standing, Step, Written
from runtime import updates
from runtime.sandbox import workflow_runner
from tests.workflows.waiting import PATIENCE
from workflows.checkout import CheckoutWorkflow

ASKED = Money(10_000, "KES")
PENDING = Reading(verdict=Verdict.PENDING, provider_reference="ws_CO_1")
PAID = Reading(verdict=Verdict.SETTLED, amount=ASKED, receipt="R1", provider_reference="ws_CO_1")
DECLINED = Reading(verdict=Verdict.REFUSED, reason=Reason.PAYER_CANCELLED)
BUSY = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.RATE_LIMITED)
NOT_FOUND = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
DUPLICATE = Reading(verdict=Verdict.UNKNOWN, reason=Reason.DUPLICATE)
SILENT = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)

#: What became of a sending our own rate held back.
NO_TURN = reports.report("att", Source.ACK, reports.NO_TURN)

#: Half a second of patience: enough for a test to speak first.
TERMS = Terms(
    patience=0.5,
    ask_every=(0.2, 0.2, 0.3),
    settle_time=0.3,
    absence_proves=True,
    horizon=60.0,
    prompt_lifetime=30.0,
    resends=2,
    resend_pauses=(0.1, 0.1),
)
_QUICK = {"patience": 0.1, "ask_every": (0.1,)}


#: Whether a step is not taken now; a Standing says that the rows are elsewhere.
Refusal = Callable[[Step], bool | Standing]


class FakeProvider:
    """Answers from a script; the last answer of each list repeats. Counts every ring.

    With `found_after_rings` every question before that many rings is answered "not found".
    """

    found_after_rings = 0

    def __init__(self, *, prompts: list[Reading | Exception], answers: list[Reading | Exception]):
        self.prompts, self.answers = prompts, answers
        self.rung: list[str] = []
        self.asked: list[Charge] = []
        self.ringing = asyncio.Event()
        self.hold = asyncio.Event()
        self.hold.set()

    async def prompt(self, charge: Charge) -> Reading:
        self.rung.append(charge.attempt_id)
        self.ringing.set()
        await self.hold.wait()
        return _next(self.prompts)

    async def inquire(self, charge: Charge) -> Reading:
        self.asked.append(charge)
        if len(self.rung) < self.found_after_rings:
            return NOT_FOUND
        return _next(self.answers)

    async def aclose(self) -> None:
        """Nothing is open."""


class FakeIntents:
    """Lets everything be sent; `sought`: attempts whose row was read for a handle it has not."""

    def __init__(self) -> None:
        self.acknowledgements: list[ProviderReport] = []
        self.sought: list[str] = []

    async def sending(self, _order: PromptOrder) -> bool:
        return True

    async def remembered(self, attempt_id: str) -> dict[str, str]:
        self.sought.append(attempt_id)
        return {}

    async def acknowledged(self, _order: PromptOrder, report: ProviderReport) -> None:
        self.acknowledgements.append(report)


class FakeRecords(Records):
    """Keeps steps in a list instead of a database, each once."""

    def __init__(self, refuse: Refusal = lambda _step: False) -> None:
        self.steps: list[Step] = []
        self._refuse = refuse

    async def commit(self, step: Step, *, late_is_fine: bool = False) -> Written:
        if refused := self._refuse(step):
            standing = refused if isinstance(refused, Standing) else None
            return Written(applied=False, standing=standing)
        if all(known.key != step.key for known in self.steps):
            self.steps.append(step)
        return Written()

    @property
    def postings(self) -> list[Posting]:
        return [step.posting for step in self.steps if step.posting]

    @property
    def attempts(self) -> list[AttemptState]:
        return [step.attempt for step in self.steps if step.attempt]

    @property
    def events(self) -> list[str]:
        return [event for step in self.steps for event in step.events]


class Saga:
    """One checkout under test."""

    def __init__(self, client: Client, provider: FakeProvider, records: FakeRecords) -> None:
        self.client, self.provider, self.records = client, provider, records
        self.queue = f"test-{uuid.uuid4()}"
        self.order = an_order()
        self.intents = FakeIntents()
        self.handle: WorkflowHandle[Any, Outcome]

    async def start(self, **changes: Any) -> None:
        self.order = replace(self.order, **changes)
        self.handle = await self.client.start_workflow(
            CheckoutWorkflow.run, self.order, id=self.order.checkout_id, task_queue=self.queue
        )

    async def ends(self) -> Outcome:
        return await asyncio.wait_for(self.handle.result(), PATIENCE)

    async def says(self, reading: Reading, *, attempt: str = "", hint: bool = False) -> None:
        """The provider calls back."""
        report = ProviderReport(
            attempt_id=attempt or self.order.first.id,
            source=Source.CALLBACK,
            reading=reading,
            evidence_id=ids.mint(ids.EVIDENCE),
            hint=hint,
        )
        await self.handle.signal(CheckoutWorkflow.reported, report)

    async def story(self) -> Story:
        return await self.handle.query(CheckoutWorkflow.story)

    async def updates(self, update: str, message: Any) -> Story:
        """An operator acts."""
        return await updates.execute(self.handle, update, message, result_type=Story)

    async def reaches(self, *states: AttemptState) -> Story:
        """Wait until the current attempt stands in one of the states."""
        deadline = time.monotonic() + PATIENCE
        while (story := await self.story()).attempt not in states:
            if time.monotonic() > deadline:
                raise AssertionError(f"stayed {story.attempt}, not {states}")
            await asyncio.sleep(0.02)
        return story


def an_attempt(number: int = 1, terms: Terms = TERMS, **changes: Any) -> AttemptOrder:
    attempt_id = ids.mint(ids.ATTEMPT)
    charge = Charge(
        attempt_id=attempt_id,
        amount=ASKED,
        payer="254700000001",
        callback_url="https://kauri.test/in/k1/x",
        description="order 42",
        livemode=False,
    )
    return AttemptOrder(
        id=attempt_id,
        number=number,
        provider="mpesa",
        charge=replace(charge, **changes),
        terms=terms,
    )


def an_order(terms: Terms = TERMS) -> CheckoutOrder:
    return CheckoutOrder(
        checkout_id=ids.mint(ids.CHECKOUT),
        payment_id=ids.mint(ids.PAYMENT),
        org_id=ids.mint(ids.ORG),
        livemode=False,
        amount=ASKED,
        reference="order-42",
        expires_at=datetime.now(UTC) + timedelta(minutes=5),
        first=an_attempt(terms=terms),
        fee=FeeRule(basis_points=225),
    )


def quick(**changes: Any) -> Terms:
    """Terms that ask almost at once."""
    return replace(TERMS, **{**_QUICK, **changes})


def soon(seconds: float) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


@asynccontextmanager
async def a_saga(
    client: Client,
    *,
    prompts: Sequence[Reading | Exception],
    answers: Sequence[Reading | Exception],
    terms: Terms = TERMS,
    refuse: Refusal = lambda _step: False,
) -> AsyncIterator[Saga]:
    provider = FakeProvider(prompts=list(prompts), answers=list(answers))
    saga = Saga(client, provider, FakeRecords(refuse))
    saga.order = an_order(terms)
    charges = Charges({"mpesa": provider, "momo": provider}, saga.intents)  # type: ignore[arg-type] # a fake of the fence
    async with Worker(
        client,
        task_queue=saga.queue,
        workflows=[CheckoutWorkflow],
        activities=[charges.prompt, charges.ask, saga.records.record, saga.records.book],
        workflow_runner=workflow_runner(),
    ):
        yield saga


def _next(script: list[Reading | Exception]) -> Reading:
    answer = script.pop(0) if len(script) > 1 else script[0]
    if isinstance(answer, Exception):
        raise answer
    return answer
