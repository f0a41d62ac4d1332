"""Endings of a wallet's workflows: what `record` writes and replay reads."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities.top_ups import PROVIDER, TopUps, instruction
from models.bank_credit import BANK_CREDIT, BankCreditOrder, Owner
from models.late import LATE, LateOrder
from models.money import Money
from models.reading import Reading, Reason, Verdict
from models.saga import REPORTED, SagaRef
from models.topup import WORKFLOW, TopUpOrder, Via
from runtime.sandbox import workflow_runner
from tests.workflows.harness import DECLINED, PAID, PENDING, FakeProvider
from tests.workflows.test_wallet_topup import POOL, came, order
from tests.workflows.vault_fakes import FakeSagas, OpenFence
from workflows.bank_credit import BankCreditWorkflow
from workflows.bank_statement import FOLLOW, BankStatementWorkflow
from workflows.late_report import LateReportWorkflow
from workflows.wallet_topup import WalletTopUpWorkflow

Play = Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]
_SILENT = Reading(verdict=Verdict.UNKNOWN, reason=Reason.NO_ANSWER)


class Scripted:
    """The small workflows' activities, answering from what they are given."""

    def __init__(self, *owners: Owner | None) -> None:
        self._owners = list(owners)

    @activity.defn(name="bank_credit.owner")
    async def owner(self, _order: BankCreditOrder) -> Owner | None:
        return self._owners.pop(0)

    @activity.defn(name="bank_credit.suspend")
    async def suspend(self, _order: BankCreditOrder, _late_for: SagaRef | None) -> str:
        return "suspended"

    @activity.defn(name="topup.late")
    async def hold(self, _order: LateOrder) -> str:
        return "suspended"

    @activity.defn(name="bank.follow_statement")
    async def follow(self) -> int:
        return 2

    @activity.defn(name="saga.late")
    async def weigh(self, _order: LateOrder) -> str:
        return "evidence"


def _topup(
    placed: TopUpOrder,
    *,
    amount: Money | None = None,
    hint: bool = False,
    prompt: Reading = PENDING,
    answer: Reading = PAID,
    tells: bool = True,
) -> Play:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        provider = FakeProvider(prompts=[prompt], answers=[answer])
        sagas = FakeSagas("awaiting_money")
        top_ups = TopUps({PROVIDER: provider}, OpenFence(sagas), lambda owner, slug: owner + slug)
        queue = f"record-{uuid.uuid4()}"
        async with Worker(
            client,
            task_queue=queue,
            workflows=[WalletTopUpWorkflow],
            activities=[sagas.write, top_ups.prompt, top_ups.ask],
            workflow_runner=workflow_runner(),
        ):
            handle = await client.start_workflow(
                WORKFLOW, placed, id=placed.saga.id, task_queue=queue
            )
            if placed.via is Via.MOBILE_MONEY:
                await provider.ringing.wait()
            about = placed.saga.id if placed.via is Via.BANK else instruction(placed)
            if tells:
                await handle.signal(REPORTED, replace(came(about, amount), hint=hint))
            await handle.result()
            return handle

    return play


def _small(workflow: str, arguments: list[Any], scripted: Scripted) -> Play:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        queue = f"record-{uuid.uuid4()}"
        async with Worker(
            client,
            task_queue=queue,
            workflows=[BankCreditWorkflow, BankStatementWorkflow, LateReportWorkflow],
            activities=[
                scripted.owner,
                scripted.suspend,
                scripted.weigh,
                scripted.hold,
                scripted.follow,
            ],
            workflow_runner=workflow_runner(),
        ):
            handle = await client.start_workflow(
                workflow, args=arguments, id=str(uuid.uuid4()), task_queue=queue
            )
            await handle.result()
            return handle

    return play


def _credit() -> BankCreditOrder:
    return BankCreditOrder(
        receipt="FT1",
        bank_reference=None,
        amount=Money(10_000, "KES"),
        into=POOL,
        evidence_id="evd_1",
        livemode=False,
        reference="KT00000000",
    )


def _late(*, hint: bool = False) -> LateOrder:
    placed = order()
    report = replace(came(instruction(placed)), hint=hint)
    return LateOrder(saga=placed.saga, report=report)


def _patient() -> TopUpOrder:
    placed = order(Via.MOBILE_MONEY)
    terms = placed.terms
    return placed if terms is None else replace(placed, terms=replace(terms, patience=20.0))


TOPUP_ENDINGS: dict[str, Play] = {
    "wallet-topup-credited_by_bank": _topup(order()),
    "wallet-topup-expired": _topup(order(patience=0.3), tells=False),
    "wallet-topup-other_currency_then_expired": _topup(
        order(patience=0.6), amount=Money(9_500, "USD")
    ),
    "wallet-topup-credited_by_hint_confirmed": _topup(_patient(), hint=True),
    "wallet-topup-denied_by_the_answer": _topup(_patient(), hint=True, answer=DECLINED),
    "wallet-topup-credited_after_a_lost_answer": _topup(
        order(Via.MOBILE_MONEY), prompt=_SILENT, tells=False
    ),
    "bank-credit-suspended": _small(BANK_CREDIT, [_credit()], Scripted(None)),
    "bank-credit-too_late": _small(
        BANK_CREDIT, [_credit()], Scripted(Owner(saga=order().saga, open=False))
    ),
    "bank-credit-turned_round": _small(
        BANK_CREDIT,
        [_credit()],
        Scripted(Owner(saga=order().saga, open=False, about="ins_1", back=True)),
    ),
    "late-report-evidence": _small(LATE, [_late()], Scripted()),
    "late-report-money_of_ours": _small(LATE, [_late(hint=True)], Scripted()),
    "bank-statement-done": _small(FOLLOW, [], Scripted()),
}
