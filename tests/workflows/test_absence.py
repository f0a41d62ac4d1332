"""What they said they have is never judged absent: it stays unknown and goes to people."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from models.charge import Terms
from models.checkout import OperatorResolution
from models.lifecycle import AttemptState, PaymentStatus
from models.reading import Reading
from models.saga import RESOLVE
from providers.contract import Ambiguous
from tests.workflows import payout_harness
from tests.workflows.harness import DUPLICATE, NOT_FOUND, PAID, PENDING, a_saga, quick
from tests.workflows.payout_harness import LOST, TAKEN, a_payout, a_rail
from tests.workflows.waiting import PATIENCE, until

#: A prompt is soon in doubt, "not found" counts at once, people are called while a test waits.
DOUBTED: dict[str, Any] = {"settle_time": 0.0, "prompt_lifetime": 0.3, "horizon": 2.0}
HASTY: Terms = quick(**DOUBTED)


async def test_what_was_acknowledged_and_is_not_found_stays_unknown_and_goes_to_people(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[NOT_FOUND], terms=HASTY) as saga:
        await saga.start()
        story = await saga.reaches(AttemptState.NEEDS_REVIEW)
        await until(lambda: len(saga.provider.asked) > 3, lambda: "asked no more")
        await saga.says(PAID)
        outcome = await saga.ends()
    assert (len(saga.provider.rung), story.payment) == (1, PaymentStatus.UNKNOWN)
    assert AttemptState.NOT_RECEIVED not in saga.records.attempts
    assert outcome.payment is PaymentStatus.SUCCEEDED


async def test_a_repeat_refused_as_one_is_not_sent_a_third_time(
    temporal: WorkflowEnvironment,
) -> None:
    prompts: list[Reading | Exception] = [Ambiguous("reset"), DUPLICATE]
    async with a_saga(temporal.client, prompts=prompts, answers=[NOT_FOUND], terms=HASTY) as saga:
        await saga.start()
        await until(lambda: len(saga.provider.rung) > 1, lambda: "not sent again")
        already = len(saga.provider.asked)
        await until(lambda: len(saga.provider.asked) > already + 3, lambda: "asked no more")
        await saga.reaches(AttemptState.UNKNOWN, AttemptState.NEEDS_REVIEW)
        await saga.says(PAID)
        await saga.ends()
    assert saga.provider.rung == [saga.order.first.id] * 2
    assert saga.records.attempts.count(AttemptState.NOT_RECEIVED) == 1


@pytest.mark.parametrize(
    ("answers", "told", "sendings"),
    [
        ([TAKEN], [NOT_FOUND], 1),
        ([LOST], [PENDING, NOT_FOUND], 1),
        ([LOST, DUPLICATE], [NOT_FOUND], 2),
    ],
    ids=["acknowledged", "told to be under way", "refused as a repeat"],
)
async def test_a_payout_they_have_keeps_its_hold_until_people_decide(
    temporal: WorkflowEnvironment, answers: list[Reading], told: list[Reading], sendings: int
) -> None:
    async with a_payout(temporal.client, rail=a_rail(HASTY)) as saga:
        saga.wallet.answers, saga.wallet.told = list(answers), list(told)
        await saga.start()
        await until(lambda: len(saga.wallet.sent) == sendings, lambda: "not sent again")
        already = len(saga.wallet.asked)
        await until(lambda: len(saga.wallet.asked) > already + 3, lambda: "asked no more")
        await asyncio.wait_for(saga.sagas.cased.wait(), PATIENCE)
        assert (saga.postings, saga.spent) == (["payout_requested"], [])
        decided = OperatorResolution(
            outcome="failed", actor="ann", approver="bob", reason="called", evidence="T-1"
        )
        await saga.updates(RESOLVE, decided)
        assert await saga.ends() == "failed"
        assert len(saga.wallet.sent) == sendings


async def test_a_payout_nobody_acknowledged_is_sent_again_once_its_absence_is_proven(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, rail=a_rail(replace(HASTY, horizon=60.0))) as saga:
        saga.wallet.answers, saga.wallet.told = [LOST, payout_harness.PAID], [NOT_FOUND]
        await saga.start()
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), len(set(saga.wallet.sent))) == (2, 1)
