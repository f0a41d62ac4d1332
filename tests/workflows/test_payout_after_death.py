"""A worker died between a step and Temporal's hearing of it: the payout goes on from its row."""

import pytest
from temporalio.testing import WorkflowEnvironment

from models.float_gate import Gate
from tests.workflows.payout_harness import a_payout


@pytest.mark.parametrize("spent", ["queued", "paid"])
async def test_a_payout_goes_on_where_a_run_that_died_used_a_key(
    temporal: WorkflowEnvironment, spent: str
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.sagas.spent = {spent}
        await saga.start()
        assert await saga.ends() == "paid"
        assert saga.postings == ["payout_requested", "payout_paid"]
        assert len(set(saga.wallet.sent)) == 1


async def test_a_payout_taken_back_while_a_run_died_that_had_held_it_gives_the_hold_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.ground.gates = [Gate.SHORT]
        saga.sagas.spent = {"canceled"}
        await saga.start()
        await saga.ground.reserved.wait()
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert saga.postings == ["payout_requested", "payout_released"]
