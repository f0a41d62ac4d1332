"""Our own rate delays what is sent, and refuses nothing."""

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.reports import NO_TURN
from models.checkout import CancelRequest
from models.lifecycle import AttemptState, PaymentStatus
from models.reading import Reading
from providers.contract import NoTurn, Unreachable
from tests.workflows.harness import PAID, PENDING, a_saga, quick
from tests.workflows.payout_harness import PAID as PAID_OUT
from tests.workflows.payout_harness import a_payout
from workflows.checkout import CheckoutWorkflow

LATER = NoTurn("wave takes 5 calls a second: no turn in time")


async def test_a_payout_that_has_no_turn_five_times_is_sent_with_the_sixth(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.wallet.answers = [*[NO_TURN] * 5, PAID_OUT]
        await saga.start()
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), len(set(saga.wallet.sent))) == (6, 1)
        assert saga.postings == ["payout_requested", "payout_paid"]


async def test_a_prompt_that_has_no_turn_five_times_rings_with_the_sixth(
    temporal: WorkflowEnvironment,
) -> None:
    prompts: list[Reading | Exception] = [*[LATER] * 5, PENDING]
    async with a_saga(temporal.client, prompts=prompts, answers=[PAID], terms=quick()) as saga:
        await saga.start()
        outcome = await saga.ends()
    assert outcome.payment is PaymentStatus.SUCCEEDED
    assert saga.provider.rung == [saga.order.first.id] * 6


@pytest.mark.parametrize(
    ("life", "prompts", "rings"),
    [(30.0, [*[LATER] * 4, Unreachable("down")], 7), (0.0, [LATER], 3)],
    ids=["never sent three times after it", "for longer than a prompt would live"],
)
async def test_a_prompt_is_given_up_in_the_end(
    temporal: WorkflowEnvironment, life: float, prompts: list[Reading | Exception], rings: int
) -> None:
    terms = quick(prompt_lifetime=life)
    async with a_saga(temporal.client, prompts=prompts, answers=[PENDING], terms=terms) as saga:
        await saga.start()
        await saga.reaches(AttemptState.REJECTED)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        await saga.ends()
    assert len(saga.provider.rung) == rings
