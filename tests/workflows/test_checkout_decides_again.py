"""A worker that died after its commit decides again: from the rows, not from its memory."""

from temporalio.testing import WorkflowEnvironment

from models.checkout import CancelRequest
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from models.step import Standing, Step
from tests.workflows.harness import DECLINED, PAID, PENDING, Refusal, a_saga
from workflows.checkout import CheckoutWorkflow


def written_before(attempt: AttemptState, payment: PaymentStatus) -> Refusal:
    """The first step that moves the attempt to a final state meets rows that stand elsewhere."""
    met: list[Step] = []

    def refuse(step: Step) -> bool | Standing:
        if met or step.attempt is None or not step.attempt.final:
            return False
        met.append(step)
        return Standing(
            attempt=attempt,
            payment=payment,
            checkout=CheckoutState.PROCESSING,
            needs_review=False,
        )

    return refuse


async def test_a_cancel_heard_after_the_failure_was_written_still_ends_the_session(
    temporal: WorkflowEnvironment,
) -> None:
    before = written_before(AttemptState.FAILED, PaymentStatus.REQUIRES_PAYMENT_METHOD)
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING], refuse=before) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.handle.signal(CheckoutWorkflow.cancel_requested, CancelRequest(actor="org"))
        await saga.says(DECLINED)
        outcome = await saga.ends()
    assert (outcome.payment, outcome.checkout) == (PaymentStatus.CANCELED, CheckoutState.CANCELED)
    ending = saga.records.steps[-1]
    assert (ending.payment, ending.checkout) == (PaymentStatus.CANCELED, CheckoutState.CANCELED)


async def test_money_heard_after_doubt_was_written_is_booked_all_the_same(
    temporal: WorkflowEnvironment,
) -> None:
    before = written_before(AttemptState.UNKNOWN, PaymentStatus.UNKNOWN)
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PENDING], refuse=before) as saga:
        await saga.start()
        await saga.reaches(AttemptState.AWAITING_CUSTOMER)
        await saga.says(PAID)
        outcome = await saga.ends()
    assert outcome.payment is PaymentStatus.SUCCEEDED
    assert [posting.amount for posting in saga.records.postings] == [saga.order.amount]
