"""The session around the payment: second attempts, cancel, expiry, late money."""

from temporalio.testing import WorkflowEnvironment

from models.checkout import CancelRequest
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.step import CaseKind, Step
from providers.contract import Ambiguous
from tests.workflows.harness import (
    DECLINED,
    PAID,
    PENDING,
    a_saga,
    an_attempt,
    quick,
    soon,
)
from workflows.checkout import CheckoutWorkflow

SUCCEEDED, CANCELED = PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED


async def test_a_refusal_at_once_lets_the_payer_choose_another_method(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[DECLINED, PENDING], answers=[PENDING]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.REJECTED)
        second = an_attempt(2)
        await saga.handle.signal(CheckoutWorkflow.attempt_requested, second)
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(PAID, attempt=second.id)
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert saga.provider.rung == [saga.order.first.id, second.id]


async def test_unknown_blocks_a_second_attempt_until_it_is_resolved(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[Ambiguous("lost")], answers=[PENDING], terms=quick()
    ) as saga:
        await saga.start()
        await saga.reaches(AttemptState.UNKNOWN)
        await saga.handle.signal(CheckoutWorkflow.attempt_requested, an_attempt(2))
        await saga.says(PAID)
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert saga.provider.rung == [saga.order.first.id]


async def test_a_session_with_money_of_unknown_outcome_does_not_expire(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[Ambiguous("lost")], answers=[*[PENDING] * 2, PAID], terms=quick()
    ) as saga:
        await saga.start(expires_at=soon(0.2))
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (SUCCEEDED, CheckoutState.COMPLETE)


async def test_a_cancel_while_a_prompt_is_out_is_recorded_and_the_success_wins(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        await saga.says(PAID)
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (SUCCEEDED, CheckoutState.COMPLETE)


async def test_a_failure_after_a_cancel_ends_the_session_canceled(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        await saga.says(DECLINED)
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (CANCELED, CheckoutState.CANCELED)
    assert saga.records.postings == []


async def test_money_for_a_failed_attempt_goes_to_suspense_while_the_session_lives(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(DECLINED)
        await saga.reaches(AttemptState.FAILED)
        await saga.says(PAID)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        outcome = await saga.ends()
    assert outcome.payment is CANCELED
    assert [p.suspense for p in saga.records.postings] == [CaseKind.LATE_MONEY]


async def test_a_session_that_fails_and_is_left_alone_expires(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[DECLINED], answers=[PENDING]) as saga:
        await saga.start(expires_at=soon(0.8))
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (CANCELED, CheckoutState.EXPIRED)


async def test_a_confirm_that_races_the_expiry_runs_before_the_session_ends(
    temporal: WorkflowEnvironment,
) -> None:
    refused: list[Step] = []

    def just_accepted(step: Step) -> bool:
        if step.only_if_idle and not refused:
            refused.append(step)
            return True
        return False

    async with a_saga(
        temporal.client, prompts=[DECLINED, PENDING], answers=[PENDING], refuse=just_accepted
    ) as saga:
        await saga.start(expires_at=soon(0.3))
        await saga.reaches(AttemptState.REJECTED)
        while not refused:
            await saga.story()
        second = an_attempt(2)
        await saga.handle.signal(CheckoutWorkflow.attempt_requested, second)
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(PAID, attempt=second.id)
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
