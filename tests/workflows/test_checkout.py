"""The checkout saga: every verdict at every moment."""

from dataclasses import replace

import pytest
from temporalio.testing import WorkflowEnvironment

from models.checkout import CancelRequest
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.money import Money
from models.reading import Reading, Reason
from models.step import CaseKind
from providers.contract import Ambiguous, Unreachable
from tests.workflows.harness import (
    ASKED,
    BUSY,
    DECLINED,
    NOT_FOUND,
    PAID,
    PENDING,
    SILENT,
    a_saga,
    quick,
    soon,
)
from workflows.checkout import CheckoutWorkflow

SUCCEEDED, CANCELED = PaymentStatus.SUCCEEDED, PaymentStatus.CANCELED


async def test_a_callback_settles_once_and_books_the_amount_with_its_fee(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(PAID)
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (SUCCEEDED, CheckoutState.COMPLETE)
    assert [(p.amount, p.receipt) for p in saga.records.postings] == [(ASKED, "R1")]
    fee = saga.records.postings[0].fee
    assert fee is not None
    assert fee.total == Money(225, "KES")
    assert len(saga.provider.rung) == 1


async def test_an_unsigned_success_is_confirmed_by_asking_before_anything_is_booked(
    temporal: WorkflowEnvironment,
) -> None:
    forged = [PENDING, DECLINED]
    async with a_saga(temporal.client, prompts=[PENDING], answers=forged) as saga:
        await saga.start()
        await saga.says(PAID, hint=True)
        await saga.reaches(AttemptState.FAILED)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        outcome = await saga.ends()
    assert outcome.payment is CANCELED
    assert saga.records.postings == []


async def test_a_callback_before_the_answer_settles_without_waiting_for_it(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        saga.provider.hold.clear()
        await saga.start()
        await saga.says(PAID)
        outcome = await saga.ends()
        saga.provider.hold.set()
    assert outcome.payment is SUCCEEDED
    assert len(saga.records.postings) == 1


async def test_silence_is_answered_by_asking(temporal: WorkflowEnvironment) -> None:
    answers = [PENDING, PENDING, PAID]
    async with a_saga(
        temporal.client, prompts=[PENDING], answers=list(answers), terms=quick()
    ) as saga:
        await saga.start()
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert len(saga.provider.asked) == 3
    assert saga.provider.asked[0].provider_reference == "ws_CO_1"
    assert len(saga.provider.rung) == 1


async def test_a_lost_answer_is_unknown_and_asked_for_never_sent_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[Ambiguous("read timeout")], answers=[PENDING, PAID], terms=quick()
    ) as saga:
        await saga.start()
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert saga.records.attempts == [AttemptState.UNKNOWN, AttemptState.SUCCEEDED]
    assert len(saga.provider.rung) == 1
    assert "payment.outcome_unknown" in saga.records.events


@pytest.mark.parametrize("never", [Unreachable("refused"), BUSY])
async def test_what_never_arrived_is_sent_again_under_the_same_reference(
    temporal: WorkflowEnvironment, never: Reading | Exception
) -> None:
    async with a_saga(
        temporal.client, prompts=[never, PENDING], answers=[PAID], terms=quick()
    ) as saga:
        await saga.start()
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert saga.provider.rung == [saga.order.first.id] * 2
    assert saga.records.attempts == [AttemptState.NOT_RECEIVED, AttemptState.SUCCEEDED]


async def test_what_never_arrives_is_given_up_after_the_resends_of_the_terms(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[Unreachable("down")], answers=[PENDING], terms=quick()
    ) as saga:
        await saga.start(expires_at=soon(4))
        outcome = await saga.ends()
    assert outcome.checkout is CheckoutState.EXPIRED
    assert len(saga.provider.rung) == 3
    assert saga.records.attempts[-1] is AttemptState.REJECTED


async def test_not_found_proves_absence_only_after_the_settle_time_and_when_told_twice(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client,
        prompts=[Ambiguous("reset"), PENDING],
        answers=[PAID],
        terms=quick(settle_time=0.3),
    ) as saga:
        saga.provider.found_after_rings = 2
        await saga.start()
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert saga.provider.rung == [saga.order.first.id] * 2
    asked_first = len(saga.provider.asked) - 1
    assert AttemptState.NOT_RECEIVED in saga.records.attempts
    assert asked_first >= 2


async def test_not_found_proves_nothing_where_the_provider_cannot_prove_it(
    temporal: WorkflowEnvironment,
) -> None:
    answers = [*[NOT_FOUND] * 3, PAID]
    async with a_saga(
        temporal.client,
        prompts=[Ambiguous("reset")],
        answers=list(answers),
        terms=quick(settle_time=0.0, absence_proves=False),
    ) as saga:
        await saga.start()
        await saga.ends()
    assert len(saga.provider.rung) == 1


async def test_a_prompt_nobody_answers_becomes_unknown_and_then_a_review(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client,
        prompts=[PENDING],
        answers=[PENDING],
        terms=quick(prompt_lifetime=0.4, horizon=0.8),
    ) as saga:
        await saga.start()
        story = await saga.reaches(AttemptState.NEEDS_REVIEW)
        await saga.says(PAID)
        outcome = await saga.ends()
    assert story.needs_review
    assert story.payment is PaymentStatus.UNKNOWN
    assert CaseKind.UNRESOLVED in [step.case for step in saga.records.steps]
    assert outcome.payment is SUCCEEDED


async def test_evidence_is_heard_while_the_provider_does_not_answer_questions(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[PENDING], answers=[Ambiguous("down")], terms=quick()
    ) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        while not saga.provider.asked:
            await saga.story()
        await saga.says(PAID)
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED


async def test_a_hint_after_a_lost_answer_brings_the_handle_to_ask_with(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[Ambiguous("lost")], answers=[PAID], terms=quick(ask_every=(30.0,))
    ) as saga:
        await saga.start()
        await saga.reaches(AttemptState.UNKNOWN)
        await saga.says(PAID, hint=True)
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert [charge.provider_reference for charge in saga.provider.asked] == ["ws_CO_1"]
    assert saga.intents.sought == [saga.order.first.id]


async def test_an_unsigned_message_about_another_prompt_proves_nothing_and_is_not_asked_with(
    temporal: WorkflowEnvironment,
) -> None:
    foreign = replace(PAID, provider_reference="ws_CO_paid_before")
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(foreign, hint=True)
        await saga.reaches(AttemptState.UNKNOWN)
        assert saga.records.postings == []
        saga.provider.answers = [DECLINED]
        await saga.reaches(AttemptState.FAILED)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        await saga.ends()
    assert {charge.provider_reference for charge in saga.provider.asked} == {"ws_CO_1"}
    told = [report.reading.receipt for step in saga.records.steps for report in step.evidence]
    assert set(told) == {None}


@pytest.mark.parametrize(("told", "booked"), [(9_999_900, 10_000), (9_000, 9_000)])
async def test_an_unsigned_amount_may_lower_what_was_asked_and_never_raise_it(
    temporal: WorkflowEnvironment, told: int, booked: int
) -> None:
    confirmed = replace(PAID, amount=None)
    async with a_saga(temporal.client, prompts=[PENDING], answers=[confirmed]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(replace(PAID, amount=Money(told, "KES")), hint=True)
        await saga.reaches(AttemptState.SUCCEEDED, AttemptState.NEEDS_REVIEW)
    assert [posting.amount.minor for posting in saga.records.postings] == [booked]


async def test_the_paid_path_of_an_unsigned_rail_takes_at_most_twenty_events(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PAID]) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(PAID, hint=True)
        await saga.ends()
        history = await saga.handle.fetch_history()
    assert len(history.events) <= 20


async def test_a_silent_question_is_kept_as_unknown_and_asked_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[PENDING], answers=[SILENT, PAID], terms=quick()
    ) as saga:
        await saga.start()
        outcome = await saga.ends()
    assert outcome.payment is SUCCEEDED
    assert Reason.NO_ANSWER in [
        report.reading.reason for step in saga.records.steps for report in step.evidence
    ]


async def test_a_question_tells_when_the_prompt_was_answered(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(
        temporal.client, prompts=[PENDING], answers=[PENDING, PAID], terms=quick()
    ) as saga:
        await saga.start()
        await saga.ends()
    first, again = (charge.prompted_at for charge in saga.provider.asked)
    assert first is not None
    assert first == again
