"""Money of a case: set aside before the refund begins, and a case again where it did not leave."""

from temporalio.testing import WorkflowEnvironment

from models.float_gate import Gate
from models.refund_order import Way, first_state
from models.refund_postings import RefundPaid, RefundRefused
from tests.workflows.refund_harness import (
    AMOUNT,
    LOST,
    REFUSED,
    a_plan,
    a_refund,
    approval,
    of_a_case,
)


async def test_money_of_a_case_leaves_without_being_set_aside_a_second_time(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client, of_a_case()) as saga:
        await saga.start()
        assert await saga.ends() == "succeeded"
        assert (saga.sagas.states, saga.postings) == (["succeeded"], ["refund_paid"])
        paid = saga.sagas.written[-1].posting
        assert isinstance(paid, RefundPaid)
        assert (paid.suspense, paid.amount) == ("wave", AMOUNT)
        assert (len(saga.rail.given), saga.told, saga.spent) == (1, [saga.plan], [True])


async def test_what_did_not_leave_is_in_suspense_again_and_a_case(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client, of_a_case()) as saga:
        saga.rail.answers = [REFUSED]
        await saga.start()
        assert await saga.ends() == "failed"
        assert saga.sagas.written[-1].posting == RefundRefused(
            refund_id=saga.plan.saga.id, amount=AMOUNT, suspense="wave"
        )
        assert saga.events == ["refund.failed", "reconciliation.exception.opened"]
        assert (saga.told, saga.spent) == ([], [False])


async def test_a_lost_answer_about_money_of_a_case_is_asked_for_and_never_resent(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client, of_a_case()) as saga:
        saga.rail.answers = [LOST]
        await saga.start()
        assert await saga.ends() == "succeeded"
        assert (len(saga.rail.given), len(saga.rail.asked)) == (1, 1)
        assert saga.postings == ["refund_paid"]


async def test_given_up_before_it_left_it_is_in_suspense_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_refund(temporal.client, of_a_case()) as saga:
        saga.ground.gates = [Gate.SHORT]
        await saga.start()
        await saga.asked_for_float()
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert (saga.rail.given, saga.postings) == ([], ["refund_refused"])
        assert saga.events == ["refund.canceled", "reconciliation.exception.opened"]


def test_only_money_of_a_case_begins_set_aside() -> None:
    waiting = a_plan(Way.PAYOUT, approval=approval())
    begins = [str(first_state(plan)) for plan in (of_a_case(), waiting, a_plan())]
    assert begins == ["pending", "requires_approval", "created"]
