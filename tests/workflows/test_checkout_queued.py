"""An attempt that waits for its rail: sent once when its turn comes, and never before."""

from dataclasses import replace

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from models.checkout import CancelRequest, CheckoutOrder, OperatorAsk
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.reading import Reason
from tests.workflows.harness import DECLINED, PAID, PENDING, Saga, a_saga, an_attempt, soon
from workflows.checkout import CheckoutWorkflow


def queued(order: CheckoutOrder) -> CheckoutOrder:
    return replace(order, first=replace(order.first, queued=True))


async def freed(saga: Saga, attempt: str = "") -> None:
    await saga.handle.signal(CheckoutWorkflow.rail_freed, attempt or saga.order.first.id)


async def test_nothing_is_sent_until_the_turn_comes_and_then_once(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        saga.order = queued(saga.order)
        await saga.start()
        await saga.reaches(AttemptState.QUEUED)
        before = list(saga.provider.rung)
        for _ in range(2):
            await freed(saga)
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(PAID)
        outcome = await saga.ends()
    assert (before, saga.provider.rung) == ([], [saga.order.first.id])
    assert outcome.payment is PaymentStatus.SUCCEEDED


async def test_a_turn_that_comes_before_the_run_has_begun_counts(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PAID], answers=[PAID]) as saga:
        saga.order = queued(saga.order)
        saga.handle = await temporal.client.start_workflow(
            CheckoutWorkflow.run,
            saga.order,
            id=saga.order.checkout_id,
            task_queue=saga.queue,
            start_signal="rail_freed",
            start_signal_args=[saga.order.first.id],
        )
        outcome = await saga.ends()
    assert outcome.payment is PaymentStatus.SUCCEEDED


async def test_a_cancel_in_the_queue_ends_the_session_and_nothing_was_sent(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PAID], answers=[PAID]) as saga:
        saga.order = queued(saga.order)
        await saga.start()
        await saga.reaches(AttemptState.QUEUED)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (PaymentStatus.CANCELED, CheckoutState.CANCELED)
    assert (saga.provider.rung, saga.records.attempts) == ([], [AttemptState.REJECTED])
    assert saga.records.steps[0].evidence[0].reading.reason is Reason.NEVER_SENT


async def test_a_session_that_expires_in_the_queue_is_never_sent(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PAID], answers=[PAID]) as saga:
        saga.order = queued(saga.order)
        await saga.start(expires_at=soon(0.3))
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (PaymentStatus.CANCELED, CheckoutState.EXPIRED)
    assert saga.provider.rung == []


async def test_a_second_attempt_waits_for_its_own_turn(temporal: WorkflowEnvironment) -> None:
    async with a_saga(temporal.client, prompts=[DECLINED, PAID], answers=[PAID]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.REJECTED)
        second = replace(an_attempt(2), queued=True)
        await saga.handle.signal(CheckoutWorkflow.attempt_requested, second)
        await saga.reaches(AttemptState.QUEUED)
        await freed(saga)
        assert (await saga.story()).attempt is AttemptState.QUEUED
        await freed(saga, second.id)
        outcome = await saga.ends()
    assert outcome.payment is PaymentStatus.SUCCEEDED
    assert saga.provider.rung == [saga.order.first.id, second.id]


async def test_an_operator_asks_nobody_about_what_was_not_sent(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PAID], answers=[PAID]) as saga:
        saga.order = queued(saga.order)
        await saga.start()
        await saga.reaches(AttemptState.QUEUED)
        with pytest.raises(WorkflowUpdateFailedError):
            await saga.updates("ask", OperatorAsk(actor="op.amina", reason="why so long"))
        await freed(saga)
        await saga.ends()
    assert saga.provider.asked == []
