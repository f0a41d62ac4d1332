"""A credit of the bank goes to the saga it is for or came back to; the rest is held."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from models import ids
from models.bank_credit import BANK_CREDIT, BankCreditOrder, Owner
from models.late import LateOrder
from models.money import Money
from models.payout_order import instruction
from models.reading import Reason, Source, Verdict
from models.saga import SagaKind, SagaRef
from runtime.sandbox import workflow_runner
from tests.workflows import payout_harness as payouts
from tests.workflows.clearing_harness import AMOUNT, POOL, WAVE, a_move, an_order
from workflows.bank_credit import BankCreditWorkflow

PAYOUT = SagaRef(
    id=ids.mint(ids.PAYOUT), kind=SagaKind.PAYOUT, org_id=ids.mint(ids.ORG), livemode=False
)
FLOAT = replace(PAYOUT, id=ids.mint(ids.FLOAT_PURCHASE), kind=SagaKind.FLOAT)
MOVE = replace(PAYOUT, id=ids.mint(ids.CLEARING), kind=SagaKind.CLEARING)
INSTRUCTION = ids.mint(ids.INSTRUCTION)


class Desk:
    """Answers whose it is; weighs what is late as it is told, and remembers what was held."""

    def __init__(self, owner: Owner | None, word: str = "evidence") -> None:
        self._owner, self._word = owner, word
        self.weighed: list[tuple[SagaKind, LateOrder]] = []
        self.held: list[SagaRef | None] = []

    @activity.defn(name="bank_credit.owner")
    async def owner(self, _order: BankCreditOrder) -> Owner | None:
        return self._owner

    @activity.defn(name="bank_credit.suspend")
    async def suspend(self, _order: BankCreditOrder, late_for: SagaRef | None) -> str:
        self.held.append(late_for)
        return "suspended"

    @activity.defn(name="payout.late")
    async def payout(self, order: LateOrder) -> str:
        self.weighed.append((SagaKind.PAYOUT, order))
        return self._word

    @activity.defn(name="saga.late")
    async def late(self, order: LateOrder) -> str:
        self.weighed.append((order.saga.kind, order))
        return self._word


def a_credit(amount: Money = AMOUNT) -> BankCreditOrder:
    return BankCreditOrder(
        receipt="FT-BACK", bank_reference=None, amount=amount, into=POOL,
        evidence_id=ids.mint(ids.EVIDENCE), livemode=False, source=Source.STATEMENT,
    )  # fmt: skip


async def told(client: Client, desk: Desk, order: BankCreditOrder | None = None) -> Any:
    """The word the credit's run ends with."""
    queue = f"test-{uuid.uuid4()}"
    async with Worker(
        client,
        task_queue=queue,
        workflows=[BankCreditWorkflow],
        activities=[desk.owner, desk.suspend, desk.payout, desk.late],
        workflow_runner=workflow_runner(),
    ):
        return await client.execute_workflow(
            BANK_CREDIT, order or a_credit(), id=str(uuid.uuid4()), task_queue=queue
        )


def turned(saga: SagaRef, **changes: Any) -> Owner:
    return replace(Owner(saga=saga, open=False, about=INSTRUCTION, back=True), **changes)


@pytest.mark.parametrize("saga", [PAYOUT, FLOAT])
async def test_our_own_money_turned_round_is_weighed_for_its_saga_and_not_held(
    temporal: WorkflowEnvironment, saga: SagaRef
) -> None:
    desk = Desk(turned(saga))
    assert await told(temporal.client, desk) == "evidence"
    ((kind, late),) = desk.weighed
    said = (late.report.attempt_id, late.report.verdict, late.report.reading.reason)
    assert (kind, late.saga) == (saga.kind, saga)
    assert said == (INSTRUCTION, Verdict.REFUSED, Reason.REVERSED)
    assert desk.held == []


async def test_what_a_saga_that_has_ended_cannot_book_is_held(
    temporal: WorkflowEnvironment,
) -> None:
    desk = Desk(turned(FLOAT), "case")
    assert await told(temporal.client, desk) == "suspended"
    assert desk.held == [None]


async def test_money_ordered_back_to_us_has_arrived(temporal: WorkflowEnvironment) -> None:
    desk = Desk(turned(FLOAT, back=False))
    await told(temporal.client, desk)
    assert [late.report.verdict for _, late in desk.weighed] == [Verdict.SETTLED]


async def test_a_move_that_came_back_and_is_booked_so_is_not_held_again(
    temporal: WorkflowEnvironment,
) -> None:
    desk = Desk(Owner(saga=MOVE, open=False, back=True))
    assert (await told(temporal.client, desk), desk.held) == ("known", [])


async def test_a_move_whose_money_is_back_at_its_origin_ends_returned(
    temporal: WorkflowEnvironment,
) -> None:
    order = an_order(origin=POOL, destination=WAVE)
    async with a_move(temporal.client, order) as move:
        await move.start()
        await move.decided()
        await move.booked("clearing_sent")
        desk = Desk(Owner(saga=order.saga, open=True, back=True))
        assert await told(temporal.client, desk) == "told"
        assert await move.ends() == "returned"
        assert move.postings == ["clearing_sent", "clearing_returned"]
        claim = getattr(move.sagas.written[-1].posting, "receipt", None)
        assert claim is not None
        assert (claim.account, claim.number) == (POOL.account, "FT-BACK")


async def test_a_paid_payout_whose_money_is_back_owes_it_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with payouts.a_payout(temporal.client, **payouts.to_bank(wait_scale=1.0)) as saga:
        await saga.start()
        await saga.reaches("paid")
        desk = Desk(turned(saga.order.saga, about=instruction(saga.order), listens=True))
        assert await told(temporal.client, desk, a_credit(payouts.AMOUNT)) == "told"
        assert await saga.ends() == "returned"
        assert (saga.postings[-1], desk.held) == ("payout_returned", [])
