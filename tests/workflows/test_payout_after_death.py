"""A worker died between a step and Temporal's hearing of it: the payout goes on from its row."""

import pytest
from temporalio.testing import WorkflowEnvironment

from models.float_gate import Gate
from models.payout_order import instruction
from models.reading import Reading, Verdict
from tests.workflows.payout_harness import EMPTY, LOST, PAID, REFUSED, TAKEN, a_payout


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


@pytest.mark.parametrize(("said", "ending"), [(PAID, "paid"), (REFUSED, "failed")])
async def test_a_word_said_once_ends_it_though_a_run_that_died_used_the_key(
    temporal: WorkflowEnvironment, said: Reading, ending: str
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.wallet.answers, saga.wallet.told = [TAKEN], [LOST]
        saga.sagas.spent = {ending}
        await saga.start()
        await saga.reaches("processing", "unknown")
        await saga.says(said)
        assert await saga.ends() == ending
        assert set(saga.spent) == {said.verdict is Verdict.SETTLED}  # told again where it is slow


async def test_the_float_is_let_go_where_a_run_that_died_wrote_the_end(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.sagas.moved = {"processing": "paid"}
        await saga.start()
        assert await saga.ends() == "paid"
        assert set(saga.spent) == {True}


async def test_nothing_is_sent_anew_where_a_run_that_died_had_written_it_as_paid(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.wallet.answers, saga.sagas.moved = [EMPTY], {"processing": "paid"}
        await saga.start()
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), saga.spent) == (1, [True])


@pytest.mark.parametrize("number", [1, 2])
async def test_what_is_over_is_not_waited_for_where_a_run_that_died_had_let_it_go(
    temporal: WorkflowEnvironment, number: int
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.ground.gates = [Gate.ENDED, Gate.GRANTED] if number == 2 else [Gate.GRANTED]
        await saga.start()
        assert await saga.ends() == "paid"
        assert saga.wallet.sent == [instruction(saga.order, number)]
