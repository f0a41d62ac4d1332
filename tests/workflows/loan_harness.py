"""Fakes and builders of a loan's saga: a lender's books, a short code, a keeper of steps."""

import asyncio
import dataclasses
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import field, replace
from datetime import UTC, date, datetime
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.fence import Fence
from activities.loan_posting import LoanPosting
from activities.payouts import Payouts
from activities.sagas import Sagas
from models import ids, saga_states
from models.balances import BALANCES_TOLD, BalancesTold
from models.charge import Terms
from models.lender_orders import Disbursement, Undo
from models.lending import Loan
from models.loan import LoanState
from models.loan_calls import Examined, Letter, LoanRef, PaidDetails, PaidQuestion, Reservation
from models.loan_order import PAYOUT, LoanMemory, LoanOrder, Payable
from models.loan_preflight import Finding
from models.messages import Notice
from models.mobile_money import AccountBalance
from models.money import Money
from models.payout import Payout
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import (
    REPORTED,
    REQUESTED,
    SagaKind,
    SagaRef,
    SagaStep,
    SagaStory,
    SagaWritten,
    Trouble,
)
from models.tariff import ChargeLine, Quote, TariffCode
from models.vault_postings import LoanAccepted, LoanRefused
from runtime import updates
from runtime.sandbox import workflow_runner
from workflows.loan_disbursement import LoanDisbursementWorkflow
from workflows.loan_reversal import LoanReversalWorkflow

AMOUNT, PRINCIPAL = Money(950_000, "KES"), Money(1_000_000, "KES")
RECEIPT, PHONE = "TKL3XYZ9AB", "254712000001"
TAKEN = Reading(verdict=Verdict.PENDING, provider_reference="AG_1")
PAID = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt=RECEIPT, provider_code="0")
NO_FUNDS = Reading(verdict=Verdict.REFUSED, reason=Reason.INSUFFICIENT_FUNDS, provider_code="1")
NO_ACCOUNT = Reading(verdict=Verdict.REFUSED, reason=Reason.PAYEE_NOT_FOUND, provider_code="2040")
NOT_FOUND = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
BOOKED = Reading(verdict=Verdict.SETTLED, amount=PRINCIPAL, provider_reference="22")
UNBOOKED = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND)
LOCKED = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.LOCKED)
RUNNING = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.IN_PROGRESS)
PARKED = Reading(verdict=Verdict.PENDING, reason=Reason.PARKED)
DATE = Reading(verdict=Verdict.REFUSED, reason=Reason.DATE_REFUSED, provider_code="future.date")
OTHER_HAND = Reading(verdict=Verdict.UNKNOWN, reason=Reason.DUPLICATE)
DOWN = Reading(verdict=Verdict.UNKNOWN, reason=Reason.MAINTENANCE, provider_code="503")

PAYABLE = Payable(
    principal=PRINCIPAL,
    amount=AMOUNT,
    client_id=7,
    phone=PHONE,
    client="Jane Wanjiku",
    product_id=3,
    day=date(2026, 11, 21),
    approved_on=date(2026, 11, 20),
)
QUOTE = Quote(
    amount=AMOUNT,
    lines=(
        ChargeLine(code=TariffCode.PROCESSING_LOAN, net=Money(2_000, "KES"), tax=Money(0, "KES")),
    ),
    provider_fee=Money(1_100, "KES"),
)
GOOD = Examined(
    finding=Finding(payable=PAYABLE),
    quote=QUOTE,
    quoted_at=datetime(2026, 11, 21, tzinfo=UTC),
    short_code="600996",
)
_TERMS = Terms(
    patience=0.3,
    ask_every=(0.2, 0.2, 0.3),
    settle_time=0.2,
    absence_proves=True,
    horizon=60.0,
    prompt_lifetime=30.0,
    resends=2,
    resend_pauses=(0.1,),
)


class Keeper(Sagas):
    """Keeps steps as the kernel does: once each, from where the row stands, along the table."""

    def __init__(self, state: str = LoanState.FOUND, wallet: int = 100_000) -> None:
        self.steps: list[SagaStep] = []
        self.state, self.wallet = state, wallet
        self._digests: dict[str, SagaStep] = {}
        self.disputes = 0

    async def commit(self, step: SagaStep) -> SagaWritten:
        taken = self._digests.get(step.key)
        if taken is not None:
            same = replace(taken, at=step.at) == step
            return self._moved() if not same else SagaWritten(state=self.state, fresh=False)
        if self.state not in {step.believes, step.perhaps}:
            return self._moved()
        assert step.to is None or saga_states.allowed(step.saga.kind, step.believes, step.to)
        if isinstance(step.posting, LoanAccepted) and step.posting.charges.minor > self.wallet:
            return SagaWritten(state=self.state, fresh=False, trouble=Trouble.SHORT)
        if step.to == LoanState.PAID and self.disputes:
            self.disputes -= 1
            return SagaWritten(state=self.state, fresh=False, trouble=Trouble.DISPUTED)
        self._digests[step.key] = step
        self._take(step)
        return SagaWritten(
            state=self.state, instruction=step.instruct.state if step.instruct else None
        )

    def sent(self, saga: SagaRef) -> None:
        """As an earlier run left it that had opened the fence of the first payout."""
        named = ids.instruction_id(saga.id, PAYOUT, 1)
        key = f"{named}/sending/0"
        self._digests[key] = SagaStep(
            key=key, saga=saga, at=datetime.now(UTC), actor="kauri", believes=LoanState.HELD
        )

    def _moved(self) -> SagaWritten:
        return SagaWritten(state=self.state, fresh=False, trouble=Trouble.MOVED)

    def _take(self, step: SagaStep) -> None:
        self.steps.append(step)
        self.state = step.to or self.state
        if isinstance(step.posting, LoanAccepted):
            self.wallet -= step.posting.charges.minor
        if isinstance(step.posting, LoanRefused):
            self.wallet += step.posting.charges.minor

    @property
    def states(self) -> list[str]:
        """Every state in turn."""
        moved = [step.to for step in self.steps if step.to]
        return [state for at, state in enumerate(moved) if at == 0 or moved[at - 1] != state]

    @property
    def postings(self) -> list[str]:
        return [step.posting.kind for step in self.steps if step.posting]

    @property
    def cases(self) -> list[str]:
        return [step.case.kind for step in self.steps if step.case]

    @property
    def notices(self) -> list[Notice]:
        return [notice for step in self.steps for notice in step.notices]

    @property
    def shown(self) -> dict[str, Any]:
        return {name: value for step in self.steps for name, value in step.shows.items()}


@dataclasses.dataclass
class Lender:
    """A lender's books. `looks` repeats its last; booking answers from `posts`, reading back
    from `backs`."""

    looks: list[Examined] = field(default_factory=lambda: [GOOD])
    posts: list[Reading | Exception] = field(default_factory=lambda: [BOOKED])
    backs: list[Reading | Exception] = field(default_factory=lambda: [BOOKED])
    undone: Reading = BOOKED
    stands: bool = False
    fits: bool = True
    memory: LoanMemory = field(default_factory=LoanMemory)
    orders: list[Disbursement] = field(default_factory=list)
    shown: dict[str, str] = field(default_factory=lambda: {"payment_type": "M-Pesa"})
    short_code: str | None = None
    remembered: int = 0
    looked: int = 0

    async def disburse(self, order: Disbursement) -> Reading:
        self.orders.append(order)
        said: Reading = following(self.posts)
        return said

    async def inquire(self, _order: Disbursement) -> Reading:
        found: Reading = following(self.backs)
        return found

    async def undo_disbursal(self, _order: Undo) -> Reading:
        return self.undone

    async def loan(self, loan_id: int) -> Loan | None:
        return Loan(
            id=loan_id, account_no="1", external_id=None, status=300 if self.stands else 200,
            client_id=7, client_name="Jane", product_id=3, currency="KES", decimals=2,
        )  # fmt: skip

    async def payment_type(self, _name: str) -> int | None:
        return 26

    @activity.defn(name="loan.examine")
    async def examine(self, _ref: LoanRef) -> Examined:
        self.looked += 1
        found: Examined = following(self.looks)
        return found

    @activity.defn(name="loan.reserve")
    async def reserve(self, _wanted: Reservation) -> bool:
        return self.fits

    @activity.defn(name="loan.remember")
    async def remember(self, _ref: LoanRef) -> LoanMemory:
        self.remembered += 1
        return self.memory

    @activity.defn(name="loan.letters")
    async def letters(self, letter: Letter) -> tuple[Notice, ...]:
        return (Notice(event=f"loan_{letter.kind}", key=letter.key, facts={"why": letter.why}),)


@dataclasses.dataclass
class ShortCode:
    """A partner's short code. `results` are called back after a payment, `answers` after a
    question; None stays silent."""

    pays: list[Reading | Exception] = field(default_factory=lambda: [TAKEN])
    results: list[Reading | None] = field(default_factory=lambda: [PAID])
    answers: list[Reading | None] = field(default_factory=lambda: [None])
    holds: list[BalancesTold | None] = field(default_factory=lambda: [holding(10_000_000)])
    details: PaidDetails = field(default_factory=lambda: PaidDetails(same_name=True))
    paid: list[Payout] = field(default_factory=list)
    asked: int = 0
    told: int = 0
    says: Callable[[str, Reading, Source], Any] = lambda *_told: None
    tells: Callable[[BalancesTold], Any] = lambda _told: None

    async def pay(self, payout: Payout) -> Reading:
        self.paid.append(payout)
        reading: Reading = following(self.pays)
        result = following(self.results)
        if result is not None:
            self.says(payout.instruction_id, result, Source.CALLBACK)
        return reading

    async def ask(self, *, result_url: str, **_named: Any) -> Reading:
        self.asked += 1
        answer = following(self.answers)
        if answer is not None:
            self.says(result_url, answer, Source.QUERY)
        return Reading(verdict=Verdict.PENDING)

    async def balance(self, **_urls: str) -> Reading:
        self.told += 1
        told = following(self.holds)
        if told is not None:
            self.tells(told)
        return Reading(verdict=None)


class Partners:
    """Gives the two fakes to whoever asks."""

    def __init__(self, lender: Lender, short_code: ShortCode) -> None:
        self._lender, self._short_code = lender, short_code

    async def mifos(self, _org: str, _livemode: bool) -> Any:
        return self._lender

    async def mpesa(self, _org: str, _livemode: bool, _purpose: str) -> Any:
        return self._short_code

    async def known(self, *_named: Any) -> Any:
        return self._lender


class Told(Payouts):
    """Payouts whose details come from the fake instead of the inbox."""

    short_code: ShortCode

    @activity.defn(name="payout.details")
    async def details(self, _question: PaidQuestion) -> PaidDetails:
        return self.short_code.details


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
        return await asyncio.wait_for(self.handle.result(), 20)

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
        for _ in range(200):
            if self.keeper.state in states:
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"stayed {self.keeper.state}, not {states}")

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(200):
            if holds():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("it never came to hold")

    def _says(self, about: str, reading: Reading, source: Source) -> None:
        self._soon(self.reported(about.partition("|")[0], reading, source))

    def _tells(self, told: BalancesTold) -> None:
        self._soon(self.handle.signal(BALANCES_TOLD, told))

    def _soon(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def holding(minor: int) -> BalancesTold:
    """The balances of a short code."""
    account = AccountBalance(account="Utility Account", available=Money(minor, "KES"))
    return BalancesTold(accounts=(account,))


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
        payout_terms=_TERMS,
        posting_terms=_TERMS,
    )
    return replace(order, **changes)


def parks(reason: Any, detail: str = "") -> Examined:
    return Examined(finding=Finding(parks=reason, detail=detail))


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


def following(script: list[Any]) -> Any:
    """The next answer; the last one repeats."""
    answer = script.pop(0) if len(script) > 1 else script[0]
    if isinstance(answer, Exception):
        raise answer
    return answer
