"""What operators may do to a running checkout, and what it takes."""

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from models.checkout import ASK, RESOLVE, OperatorAsk, OperatorResolution
from models.lifecycle import AttemptState, PaymentStatus
from models.money import Money
from models.reading import Reading, Verdict
from models.step import CaseKind
from providers.contract import Ambiguous
from tests.workflows.harness import (
    BUSY,
    PAID,
    PENDING,
    SILENT,
    a_saga,
    quick,
    soon,
)

SUCCEEDED, CANCELED = PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED


async def test_a_wrong_amount_is_held_and_two_people_decide(temporal: WorkflowEnvironment) -> None:
    short = Reading(verdict=Verdict.SETTLED, amount=Money(9_000, "KES"), receipt="R9")
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        await saga.start()
        await saga.says(short)
        await saga.reaches(AttemptState.NEEDS_REVIEW)
        story = await saga.updates(RESOLVE, _resolution())
        outcome = await saga.ends()
    first, second = saga.records.postings
    assert (first.suspense, first.accepted) == (CaseKind.AMOUNT_MISMATCH, False)
    assert (second.suspense, second.accepted) == (CaseKind.AMOUNT_MISMATCH, True)
    assert second.amount == Money(9_000, "KES")
    assert story.payment is outcome.payment is SUCCEEDED


def _resolution(**changes: str) -> OperatorResolution:
    fields = {
        "actor": "op.amina",
        "approver": "op.brian",
        "reason": "statement line 7",
        "evidence": "statement 2026-11-21",
        "outcome": "succeeded",
        "receipt": "R7",
    }
    return OperatorResolution(**{**fields, **changes})


@pytest.mark.parametrize(
    "change",
    [
        {"approver": "op.amina"},
        {"reason": ""},
        {"evidence": ""},
        {"outcome": "maybe"},
        {"receipt": ""},
        {"receipt": " "},
    ],
)
async def test_a_resolution_without_two_people_reason_and_proof_changes_nothing(
    temporal: WorkflowEnvironment, change: dict[str, str]
) -> None:
    async with a_saga(
        temporal.client, prompts=[Ambiguous("lost")], answers=[PENDING], terms=quick()
    ) as saga:
        await saga.start()
        await saga.reaches(AttemptState.UNKNOWN)
        with pytest.raises(WorkflowUpdateFailedError):
            await saga.updates(RESOLVE, _resolution(**change))
        assert (await saga.story()).attempt is AttemptState.UNKNOWN
        await saga.says(PAID)
        await saga.ends()


@pytest.mark.parametrize(
    ("outcome", "attempt"), [("succeeded", AttemptState.SUCCEEDED), ("failed", AttemptState.FAILED)]
)
async def test_two_people_end_an_unknown_with_their_names_on_the_step(
    temporal: WorkflowEnvironment, outcome: str, attempt: AttemptState
) -> None:
    async with a_saga(
        temporal.client, prompts=[Ambiguous("lost")], answers=[PENDING], terms=quick()
    ) as saga:
        await saga.start(expires_at=soon(1.5))
        await saga.reaches(AttemptState.UNKNOWN)
        await saga.updates(RESOLVE, _resolution(outcome=outcome))
        await saga.ends()
    decided = next(step for step in saga.records.steps if step.approver)
    assert (decided.attempt, decided.actor, decided.approver) == (attempt, "op.amina", "op.brian")


async def test_an_operator_can_have_the_provider_asked_now(temporal: WorkflowEnvironment) -> None:
    slow = quick(patience=30.0, ask_every=(30.0,))
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PAID], terms=slow) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        question = OperatorAsk(actor="op.amina", reason="payer is on the phone")
        story = await saga.updates(ASK, question)
        await saga.ends()
    assert story.payment is SUCCEEDED


@pytest.mark.parametrize("answers", [[PAID], [PENDING, PAID]], ids=["paid", "known after all"])
async def test_asked_while_it_waits_to_be_sent_again_a_prompt_the_provider_knows_is_not_sent(
    temporal: WorkflowEnvironment, answers: list[Reading]
) -> None:
    slow = quick(resend_pauses=(20.0,))
    async with a_saga(temporal.client, prompts=[BUSY], answers=answers, terms=slow) as saga:
        await saga.start()
        await saga.reaches(AttemptState.NOT_RECEIVED)
        await saga.updates(ASK, OperatorAsk(actor="op.amina", reason="the payer calls"))
        outcome = await saga.ends()
    assert (outcome.payment, len(saga.provider.rung)) == (SUCCEEDED, 1)


async def test_an_unsigned_success_nobody_confirms_keeps_a_prompt_from_being_sent_again(
    temporal: WorkflowEnvironment,
) -> None:
    slow = quick(resend_pauses=(20.0,))
    async with a_saga(temporal.client, prompts=[BUSY], answers=[SILENT, PAID], terms=slow) as saga:
        await saga.start()
        await saga.reaches(AttemptState.NOT_RECEIVED)
        await saga.says(PAID, hint=True)
        outcome = await saga.ends()
    assert (outcome.payment, len(saga.provider.rung)) == (SUCCEEDED, 1)
    assert saga.records.attempts[-2:] == [AttemptState.UNKNOWN, AttemptState.SUCCEEDED]
