"""Fakes and builders of a payout: a rail, its holders, a float, an approval's row."""

import asyncio
import dataclasses
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from activities.rail_gates import Turn
from activities.sending import Senders, Sending
from models import approval, ids
from models.approval import ApprovalLook, ApprovalStanding, ApprovalTerms
from models.charge import Limits, Terms
from models.fees import Fee
from models.float_gate import FloatAnswer, FloatAsk, FloatEnd, Gate
from models.money import Money
from models.money_out import BankPayoutOrder, Holder
from models.money_out import PayoutOrder as WalletOrder
from models.payout_calls import HolderLook
from models.payout_order import BankPayee, Payee, PayoutKind, PayoutOrder, first_state, instruction
from models.payout_rail import PayoutRail, PaysTo
from models.places import BankAccount, ProviderWallet
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from models.saga import REPORTED, REQUESTED, SagaKind, SagaRef
from runtime.sandbox import workflow_runner
from tests.workflows.harness import TERMS
from tests.workflows.running_saga import RunningSaga, following
from tests.workflows.vault_fakes import FakeSagas, OpenFence
from tests.workflows.waiting import until
from workflows.payout import PayoutWorkflow

AMOUNT = Money(40_000, "KES")
FEE = Fee(net=Money(1_000, "KES"), tax=Money(160, "KES"))
TAKEN = Reading(verdict=Verdict.PENDING, provider_reference="pt-1")
PAID = Reading(verdict=Verdict.SETTLED, amount=AMOUNT, receipt="R1", provider_reference="pt-1")
REFUSED = Reading(verdict=Verdict.REFUSED, reason=Reason.PAYEE_NOT_FOUND)
EMPTY = Reading(verdict=Verdict.REFUSED, reason=Reason.INSUFFICIENT_FUNDS)
LOST = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)


class FakeWallet:
    """A rail that answers from a script; the last answer repeats. Counts what was sent."""

    def __init__(self) -> None:
        self.answers: list[Reading] = [PAID]
        self.told: list[Reading] = [PAID]
        self.sent: list[str] = []
        self.asked: list[WalletOrder] = []
        self.sending = asyncio.Event()

    async def pay_out(self, order: WalletOrder) -> Reading:
        self.sent.append(order.id)
        self.sending.set()
        return following(self.answers)

    async def ask_payout(self, order: WalletOrder) -> Reading:
        self.asked.append(order)
        return following(self.told)

    async def aclose(self) -> None:
        """Nothing is open."""


class FakeBank:
    """A bank that takes every order and shows it as a test says; the last answer repeats."""

    def __init__(self) -> None:
        self.told: list[Reading] = [PAID]
        self.sent: list[BankPayoutOrder] = []

    async def pay_bank(self, order: BankPayoutOrder) -> Reading:
        self.sent.append(order)
        return TAKEN

    async def ask_bank_payout(self, _order: BankPayoutOrder) -> Reading:
        return following(self.told)

    async def bank_holder(self, _order: BankPayoutOrder) -> Holder:
        return Holder()

    async def aclose(self) -> None:
        """Nothing is open."""


class FakeGround:
    """What stands around a payout: float, rail, holder and approval, each as a test sets it."""

    def __init__(self) -> None:
        self.gates: list[Gate] = [Gate.GRANTED]
        self.turns: list[bool] = [True]
        self.holder_look = HolderLook(active=True, named=True, matches=True)
        #: How often nobody tells the holder; and of each question, whether it was a local one.
        self.holder_silences = 0
        self.holder_asked: list[bool] = []
        self.decided = ApprovalLook(standing=ApprovalStanding.WAITING)
        self.ended: list[FloatEnd] = []
        self.left: list[Turn] = []
        self.asked_for: list[ApprovalTerms] = []
        self.escalations = 0
        self.reserved = asyncio.Event()

    @activity.defn(name="float_gate.reserve")
    async def reserve(self, ask: FloatAsk) -> FloatAnswer:
        self.reserved.set()
        gate = self.gates.pop(0) if len(self.gates) > 1 else self.gates[0]
        return FloatAnswer(gate=gate, room=Money(0, ask.amount.currency))

    @activity.defn(name="float_gate.release")
    async def release(self, end: FloatEnd) -> None:
        self.ended.append(end)

    @activity.defn(name="rail.turn")
    async def turn(self, _wanted: Turn) -> bool:
        return self.turns.pop(0) if len(self.turns) > 1 else self.turns[0]

    @activity.defn(name="rail.leave")
    async def leave(self, wanted: Turn) -> None:
        self.left.append(wanted)

    @activity.defn(name="money_out.holder")
    async def holder(self, _order: PayoutOrder) -> HolderLook:
        self.holder_asked.append(activity.info().is_local)
        if len(self.holder_asked) <= self.holder_silences:
            raise ConnectionError("nobody tells")
        return self.holder_look

    @activity.defn(name="approval.ask")
    async def ask(self, _saga: SagaRef, terms: ApprovalTerms) -> None:
        self.asked_for.append(terms)

    @activity.defn(name="approval.look")
    async def look(self, _saga: SagaRef) -> ApprovalLook:
        return self.decided

    @activity.defn(name="approval.escalate")
    async def escalate(self, _saga: SagaRef) -> bool:
        self.escalations += 1
        return True

    @property
    def activities(self) -> list[Any]:
        return [self.reserve, self.release, self.turn, self.leave, self.holder, self.ask,
                self.look, self.escalate]  # fmt: skip


class Saga(RunningSaga):
    """One payout under test."""

    def __init__(self, client: Client, order: PayoutOrder) -> None:
        self.client, self.order = client, order
        self.queue = f"test-{uuid.uuid4()}"
        self.sagas = FakeSagas(first_state(order))
        self.fence = OpenFence(self.sagas)
        self.wallet, self.bank, self.ground = FakeWallet(), FakeBank(), FakeGround()

    async def start(self) -> None:
        self.handle = await self.client.start_workflow(
            PayoutWorkflow.run, self.order, id=self.order.saga.id, task_queue=self.queue
        )

    async def requests(self, **message: Any) -> None:
        await self.handle.signal(REQUESTED, {"actor": "shop", **message})

    async def approves(self, standing: ApprovalStanding = ApprovalStanding.APPROVED) -> None:
        self.ground.decided = ApprovalLook(standing=standing, checker="boss", reason="looked")
        await self.requests(approval="decided")

    async def says(self, reading: Reading, *, number: int = 1, hint: bool = False) -> None:
        """A callback about an instruction."""
        told = ProviderReport(
            attempt_id=instruction(self.order, number),
            source=Source.CALLBACK,
            reading=reading,
            evidence_id=ids.mint(ids.EVIDENCE),
            hint=hint,
        )
        await self.handle.signal(REPORTED, told)

    async def waits_for(self, why: str) -> None:
        """Wait until the row shows what it is queued for."""
        await until(lambda: why in self.queued_for, lambda: f"never queued for {why}")

    @property
    def queued_for(self) -> list[Any]:
        return [step.shows.get("queued_for") for step in self.sagas.written]

    @property
    def failure(self) -> Any:
        return self.sagas.written[-1].shows.get("failure")

    @property
    def spent(self) -> list[bool]:
        return [end.spent for end in self.ground.ended]


def a_rail(terms: Terms = TERMS, **changes: Any) -> PayoutRail:
    rail = PayoutRail(
        name="wave",
        title="Wave",
        pays_to=PaysTo.WALLET,
        countries=("KE",),
        limits=(Limits(currency="KES", minimum=100, maximum=10_000_000, step=100),),
        terms=terms,
        place=ProviderWallet(provider="wave", wallet="collections"),
        names_holders=True,
    )
    return dataclasses.replace(rail, **changes)


def to_bank(**changes: Any) -> dict[str, Any]:
    """What makes a payout one by PesaLink, out of the pool account."""
    rail = a_rail(
        dataclasses.replace(TERMS, horizon=1e9, prompt_lifetime=1e9),
        name="pesalink",
        title="PesaLink",
        pays_to=PaysTo.BANK,
        place=BankAccount(bank="ncba", account="001"),
        names_holders=False,
    )
    account = BankPayee(bank="01", account="1122334455", name="Amina Otieno")
    payee = Payee(bank=account, name="Amina Otieno")
    return {"rail": rail, "payee": payee, "wait_scale": 0.000002, **changes}


def an_order(**changes: Any) -> PayoutOrder:
    saga = SagaRef(
        id=ids.mint(ids.PAYOUT), kind=SagaKind.PAYOUT, org_id=ids.mint(ids.ORG), livemode=False
    )
    order = PayoutOrder(
        saga=saga,
        amount=AMOUNT,
        fee=FEE,
        kind=PayoutKind.PAYOUT,
        rail=a_rail(),
        payee=Payee(wallet="254712000001", name="Amina Otieno"),
        purpose="Salary",
        maker="clerk",
        payer="Duka",
        tells_payee=True,
    )
    return dataclasses.replace(order, **changes)


def a_terms(life: float = 30.0) -> ApprovalTerms:
    return approval.terms("clerk", datetime.now(UTC), life=life)


@asynccontextmanager
async def a_payout(client: Client, **changes: Any) -> AsyncIterator[Saga]:
    saga = Saga(client, an_order(**changes))
    sending = Sending(
        Senders(wallets={"wave": saga.wallet}, namers={}, banks=saga.bank),
        saga.fence,
        lambda owner, slug: f"https://kauri.test/{slug}/{owner}",
    )
    async with Worker(
        client,
        task_queue=saga.queue,
        workflows=[PayoutWorkflow],
        activities=[saga.sagas.write, sending.send, sending.ask, *saga.ground.activities],
        workflow_runner=workflow_runner(),
    ):
        yield saga
