"""Fakes and builders of a float purchase: a bank, a short code, a code's row, a keeper of steps."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from activities.float_buying import FloatBuying
from models import ids
from models.balances import BALANCES_TOLD, BalancesTold
from models.float_decisions import FloatDecision, FloatWord
from models.float_order import FloatOrder
from models.mobile_money import AccountBalance
from models.money import Money
from models.places import BankAccount
from models.reading import ProviderReport, Reading, Source
from models.saga import REPORTED, REQUESTED, SagaKind, SagaRef
from models.tariff import ChargeLine, TariffCode
from runtime.sandbox import workflow_runner
from tests.workflows.float_fakes import (
    AMOUNT,
    FUNDING,
    POOL,
    SHORT_CODE,
    FakeBank,
    FakeShortCode,
    FakeWatch,
)
from tests.workflows.running_saga import RunningSaga
from tests.workflows.vault_fakes import FakeSagas, OpenFence
from tests.workflows.waiting import until
from workflows.float_purchase import FloatPurchaseWorkflow


class Saga(RunningSaga):
    """One purchase under test."""

    def __init__(self, client: Client, order: FloatOrder) -> None:
        self.client, self.order = client, order
        self.queue = f"test-{uuid.uuid4()}"
        self.sagas = FakeSagas("otp_pending")
        self.fence = OpenFence(self.sagas)
        self.bank, self.short_code = FakeBank(), FakeShortCode()
        self.watch = FakeWatch(self.sagas, self.fence)
        self.watch.tell = self.tells

    async def start(self) -> None:
        self.handle = await self.client.start_workflow(
            FloatPurchaseWorkflow.run, self.order, id=self.order.saga.id, task_queue=self.queue
        )

    async def tells(self, told: BalancesTold) -> None:
        """Balances are told."""
        await self.handle.signal(BALANCES_TOLD, told)

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

    async def in_doubt(self) -> None:
        """Wait until people have to look."""
        sagas = self.sagas
        await until(
            lambda: any(step.needs_review for step in sagas.written), lambda: "nobody was asked"
        )

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
        wait_scale=0.001,
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
        word=word,
        actor="op.amina",
        approver="op.brian",
        reason="the bank confirmed it",
        evidence="statement line 7",
    )
