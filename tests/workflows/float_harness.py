"""Fakes and builders of a float purchase: a bank, a short code, a code's row, a keeper of steps."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.float_buying import FloatBuying
from activities.payouts import PayoutQuestion
from activities.reports import report
from models import ids
from models.balances import BALANCES_TOLD, BalancesTold
from models.banking import BankTransfer, FloatPurchase, ShortCodeCheck, Statement
from models.float_calls import FloatLook, StatementLook
from models.float_order import (
    FLOAT,
    RETURN,
    TRANSFER,
    FloatDecision,
    FloatFacts,
    FloatOrder,
    FloatWord,
    Told,
)  # fmt: skip
from models.float_proof import Balances, Where
from models.lifecycle import AttemptState
from models.mobile_money import AccountBalance
from models.money import Money
from models.otp import OtpLook, OtpStanding
from models.payout import Transfer
from models.places import BankAccount
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import REPORTED, REQUESTED, SagaKind, SagaRef, SagaStory
from models.tariff import ChargeLine, TariffCode
from runtime import updates
from runtime.sandbox import workflow_runner
from tests.workflows.vault_fakes import FakeSagas, OpenFence
from workflows.float_purchase import FloatPurchaseWorkflow

AMOUNT, SHORT_CODE = Money(5_000_000, "KES"), "600100"
POOL, FUNDING = "7744510018", "7744510026"
ACCEPTED = Reading(verdict=Verdict.PENDING, provider_code="000", provider_reference="FT9")
DONE = Reading(verdict=Verdict.SETTLED, provider_code="000", provider_reference="FT8")
REFUSED = Reading(verdict=Verdict.REFUSED, reason=Reason.DECLINED, provider_code="114")
SHUT = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.CONFIGURATION)
SHOWN = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt="FT9")
BACK = Reading(verdict=Verdict.REFUSED, reason=Reason.DECLINED)
NOT_YET = Reading(verdict=Verdict.PENDING, reason=Reason.NOT_FOUND)
TAKEN = Reading(verdict=Verdict.PENDING, provider_reference="AG_1")
MOVED = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt="TKL3XYZ9AB")
Script = list[Reading | Exception]


class FakeBank:
    """Answers from scripts, the last line of each again and again; counts what it was told."""

    def __init__(self) -> None:
        self.transfers: Script = [DONE]
        self.purchases: Script = [ACCEPTED]
        self.sent: list[tuple[str, str]] = []

    async def buy_float(self, order: FloatPurchase) -> Reading:
        self.sent.append((FLOAT, order.reference))
        return _next(self.purchases)

    async def transfer(self, order: BankTransfer) -> Reading:
        there = order.account == POOL
        self.sent.append((TRANSFER if there else RETURN, order.reference))
        return _next(self.transfers)

    async def statement(self, account: str, first: date, last: date) -> Statement:
        raise AssertionError("looks are scripted")

    async def validate_short_code(self, short_code: str) -> ShortCodeCheck:
        return ShortCodeCheck(name=f"ORG {short_code}", reading=Reading(verdict=None))


class FakeShortCode:
    """The partner's short code: takes transfers, and is there."""

    def __init__(self) -> None:
        self.moves: Script = [TAKEN]
        self.moved: list[Transfer] = []

    async def mpesa(self, _org: str, _livemode: bool, _purpose: str) -> "FakeShortCode":
        return self

    async def transfer(self, transfer: Transfer) -> Reading:
        self.moved.append(transfer)
        return _next(self.moves)

    async def balance(self, *, result_url: str, timeout_url: str) -> Reading:
        del result_url, timeout_url
        return TAKEN


class FakeWatch:
    """What statements and balances show, and what the rows remember, from scripts and steps."""

    def __init__(self, sagas: FakeSagas, fence: OpenFence) -> None:
        self._sagas, self._fence = sagas, fence
        self.traces: Script = [NOT_YET]
        self.looks: list[tuple[Source, Reading]] = [(Source.QUERY, NOT_YET)]
        self.balances: list[BalancesTold] = []
        self.code: list[OtpLook] = [OtpLook(standing=OtpStanding.OVER)]
        self.asked: list[FloatLook] = []
        self.saga: Saga | None = None

    @activity.defn(name="float.facts")
    async def facts(self, _saga: SagaRef) -> FloatFacts:
        shown: dict[str, Any] = {}
        told: dict[str, Told] = {}
        for intent in self._fence.opened:
            told[intent.rail] = Told(number=intent.number, state=AttemptState.SENDING)
        for step in self._sagas.written:
            shown |= step.shows
            if step.instruct:
                told[step.instruct.rail] = Told(
                    number=step.instruct.number, state=step.instruct.state
                )
        return FloatFacts(
            told=told,
            before=_before(shown),
            landed=Where(shown["landed"]) if shown.get("landed") else None,
            paid=Money(0, "KES"),
            available=Money(4_992_000, "KES"),
        )

    @activity.defn(name="float.measure")
    async def measure(self, _saga: SagaRef) -> bool:
        if not self.balances or self.saga is None:
            return False
        await self.saga.handle.signal(BALANCES_TOLD, self.balances.pop(0))
        return True

    @activity.defn(name="float.trace")
    async def trace(self, look: StatementLook) -> ProviderReport:
        said = _next(self.traces)
        final = said.verdict is not None and said.verdict.final
        return report(look.instruction_id, Source.STATEMENT if final else Source.QUERY, said)

    @activity.defn(name="float.look")
    async def look(self, look: FloatLook) -> ProviderReport:
        self.asked.append(look)
        source, said = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return report(look.money.instruction_id, source, said)

    @activity.defn(name="otp.run_out")
    async def run_out(self, _saga: SagaRef) -> OtpLook:
        return self.code.pop(0) if len(self.code) > 1 else self.code[0]

    @activity.defn(name="payout.ask")
    async def ask(self, question: PayoutQuestion) -> ProviderReport:
        return report(question.instruction_id, Source.QUERY, TAKEN)


class Saga:
    """One purchase under test."""

    def __init__(self, client: Client, order: FloatOrder) -> None:
        self.client, self.order = client, order
        self.queue = f"test-{uuid.uuid4()}"
        self.sagas = FakeSagas("otp_pending")
        self.fence = OpenFence(self.sagas)
        self.bank, self.short_code = FakeBank(), FakeShortCode()
        self.watch = FakeWatch(self.sagas, self.fence)
        self.watch.saga = self
        self.handle: WorkflowHandle[Any, str]

    async def start(self) -> None:
        self.handle = await self.client.start_workflow(
            FloatPurchaseWorkflow.run, self.order, id=self.order.saga.id, task_queue=self.queue
        )

    async def ends(self) -> str:
        return await asyncio.wait_for(self.handle.result(), 20)

    async def requests(self, word: str) -> None:
        await self.handle.signal(REQUESTED, {"otp": word, "actor": "shop"})

    async def says(self, rail: str, reading: Reading, *, number: int = 1) -> None:
        """A callback about an instruction."""
        told = ProviderReport(
            attempt_id=ids.instruction_id(self.order.saga.id, rail, number),
            source=Source.CALLBACK,
            reading=reading,
            evidence_id=ids.mint(ids.EVIDENCE),
        )
        await self.handle.signal(REPORTED, told)

    async def updates(self, update: str, message: Any) -> SagaStory:
        """Operators act."""
        return await updates.execute(self.handle, update, message, result_type=SagaStory)

    async def reaches(self, *states: str) -> None:
        """Wait until the row stands in one of them."""
        for _ in range(400):
            if self.sagas.state in states:
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"stayed {self.sagas.state}, not {states}")

    async def in_doubt(self) -> None:
        """Wait until people have to look."""
        for _ in range(400):
            if any(step.needs_review for step in self.sagas.written):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("nobody was asked")

    @property
    def postings(self) -> list[str]:
        return [step.posting.kind for step in self.sagas.written if step.posting]

    @property
    def events(self) -> list[str]:
        return [event for step in self.sagas.written for event in step.events]

    @property
    def cases(self) -> list[str]:
        return [step.case.kind for step in self.sagas.written if step.case]

    @property
    def notices(self) -> list[str]:
        return [notice.event for step in self.sagas.written for notice in step.notices]

    @property
    def released(self) -> bool:
        """True when the short code may be bought for again."""
        return not self.sagas.written[-1].claims


def an_order(*, transfers: bool = False, patience: float = 30.0, **changes: Any) -> FloatOrder:
    saga = SagaRef(
        id=ids.mint(ids.FLOAT_PURCHASE),
        kind=SagaKind.FLOAT,
        org_id=ids.mint(ids.ORG),
        livemode=False,
    )
    charge = ChargeLine(
        code=TariffCode.FLOAT_TRANSFER, net=Money(5_000, "KES"), tax=Money(0, "KES")
    )
    order = FloatOrder(
        saga=saga,
        amount=AMOUNT,
        charges=(charge,),
        short_code=SHORT_CODE,
        pool=BankAccount(bank="ncba", account=POOL),
        funding=FUNDING if transfers else POOL,
        code_expires_at=datetime.now(UTC) + timedelta(seconds=patience),
        deadline=172_800.0,
        wait_scale=0.002,
    )
    return replace(order, **changes)


@asynccontextmanager
async def a_saga(client: Client, order: FloatOrder | None = None) -> AsyncIterator[Saga]:
    """A worker with fakes around one purchase."""
    saga = Saga(client, order or an_order())
    buying = FloatBuying(
        bank=saga.bank,
        phone="254712000001",
        partners=saga.short_code,
        fence=saga.fence,  # type: ignore[arg-type] # a fence without rows
        address=lambda owner, slug: f"https://kauri.test/{slug}/{owner}",
    )
    watch = saga.watch
    async with Worker(
        client,
        task_queue=saga.queue,
        workflows=[FloatPurchaseWorkflow],
        activities=[
            saga.sagas.write, buying.buy, buying.transfer, buying.move, watch.facts,
            watch.measure, watch.trace, watch.look, watch.run_out, watch.ask,
        ],
        workflow_runner=workflow_runner(),
    ):  # fmt: skip
        yield saga


def told(utility: int, working: int) -> BalancesTold:
    """What the short code holds."""
    accounts = (("Utility Account", utility), ("Working Account", working))
    return BalancesTold(
        accounts=tuple(
            AccountBalance(account=name, available=Money(minor, "KES")) for name, minor in accounts
        )
    )


def a_decision(word: FloatWord) -> FloatDecision:
    return FloatDecision(
        word=word, actor="op.amina", approver="op.brian", reason="the bank confirmed it"
    )


def _before(shown: dict[str, Any]) -> Balances | None:
    if "measured_at" not in shown:
        return None
    return Balances(
        utility=Money(shown["utility_before"], "KES"),
        working=Money(shown["working_before"], "KES"),
        at=datetime.fromisoformat(shown["measured_at"]),
    )


def _next(script: Script) -> Reading:
    answer = script.pop(0) if len(script) > 1 else script[0]
    if isinstance(answer, Exception):
        raise answer
    return answer
