"""A second instruction follows only a first that certainly moved nothing, whatever comes when."""

import asyncio
from dataclasses import replace

from temporalio.testing import WorkflowEnvironment

from models.checkout import OperatorResolution
from models.float_gate import Gate
from models.money import Money
from models.reading import Reading, Reason, Source, Verdict
from models.saga import RESOLVE
from tests.workflows.harness import TERMS
from tests.workflows.payout_harness import (
    EMPTY,
    LOST,
    PAID,
    REFUSED,
    TAKEN,
    Saga,
    a_payout,
    a_rail,
)
from tests.workflows.waiting import PATIENCE, until

#: Nothing is asked for by itself, and what was not received is not sent again for long.
QUIET = a_rail(
    replace(TERMS, patience=6e4, ask_every=(6e4,), prompt_lifetime=6e5, resend_pauses=(6e4,))
)
BARRED = a_rail(replace(TERMS, resends=1_000, resend_pauses=(50.0,)))
BUSY = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.RATE_LIMITED)
SEEN = OperatorResolution(
    outcome="succeeded", actor="ann", approver="bob", reason="on the statement", evidence="S-1",
    receipt="R9",
)  # fmt: skip


async def resting(saga: Saga) -> None:
    """Refused for want of float; the next instruction waits."""
    saga.wallet.answers = [EMPTY, PAID]
    await saga.start()
    await until(lambda: set(saga.spent) == {False}, lambda: "it was not refused")


def readings(saga: Saga) -> list[Reading]:
    """What was said, as it is written down."""
    return [one.reading for step in saga.sagas.written for one in step.evidence]


async def barred(saga: Saga) -> None:
    """The database knows of something about the first that the workflow has not weighed."""
    saga.fence.doubted = {1}
    saga.wallet.answers, saga.wallet.told = [EMPTY, PAID], [LOST]
    await saga.start()
    await asyncio.wait_for(saga.fence.barred.wait(), PATIENCE)


async def both_out(saga: Saga, second: Reading = TAKEN) -> None:
    """The first was refused for want of float, the second has left."""
    saga.wallet.answers, saga.wallet.told = [EMPTY, second], [LOST]
    await saga.start()
    await until(lambda: len(saga.wallet.sent) == 2, lambda: "no second instruction")


async def test_what_is_said_to_have_paid_while_the_next_one_rests_counts_as_paid(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        await resting(saga)
        await saga.says(PAID, number=1)
        assert await saga.ends() == "paid"
        assert len(saga.wallet.sent) == 1
        assert saga.sagas.states[-2:] == ["unknown", "paid"]
        assert saga.postings == ["payout_requested", "payout_paid"]
        assert (saga.cases, saga.spent) == ([], [False, True])


async def test_what_is_said_to_have_paid_while_the_next_one_waits_for_float_counts_as_paid(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, wait_scale=0.001) as saga:
        saga.ground.gates = [Gate.GRANTED, Gate.SHORT]
        saga.wallet.answers = [EMPTY, PAID]
        await saga.start()
        await until(lambda: len(saga.ground.gates) == 1, lambda: "float was asked for once only")
        await saga.says(PAID, number=1)
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), saga.postings[-1]) == (1, "payout_paid")


async def test_what_nobody_signed_is_asked_about_before_it_counts(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        await resting(saga)
        await saga.says(PAID, hint=True)
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), len(saga.wallet.asked)) == (1, 1)
        assert saga.wallet.asked[0].id == saga.wallet.sent[0]


async def test_what_the_rail_denies_waits_on_and_can_be_taken_back(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        await resting(saga)
        saga.wallet.told = [EMPTY]
        await saga.says(PAID, hint=True)
        await until(lambda: saga.sagas.states[-1] == "queued" and bool(saga.wallet.asked),
                    lambda: f"it stayed {saga.sagas.states}")  # fmt: skip
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert (len(saga.wallet.sent), saga.postings[-1]) == (1, "payout_released")


async def test_a_refusal_told_again_sends_nothing_before_the_rest_is_over(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        await resting(saga)
        await saga.says(EMPTY, number=1)
        kept = len(saga.sagas.written)
        await until(lambda: len(saga.sagas.written) > kept, lambda: "it was not kept")
        assert (len(saga.wallet.sent), saga.sagas.state) == (1, "queued")
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"


async def test_two_people_may_tell_while_the_next_one_waits(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client) as saga:
        await resting(saga)
        await saga.updates(RESOLVE, SEEN)
        assert await saga.ends() == "paid"
        last = saga.sagas.written[-1]
        assert (len(saga.wallet.sent), last.actor, last.approver) == (1, "ann", "bob")


async def test_another_amount_is_asked_about_on_and_nothing_leaves(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, rail=a_rail(replace(TERMS, horizon=0.5))) as saga:
        await resting(saga)
        saga.wallet.told = [LOST]
        await saga.says(replace(PAID, amount=Money(1, "KES")))
        await asyncio.wait_for(saga.sagas.cased.wait(), PATIENCE)
        assert (saga.cases, saga.sagas.state) == (["unresolved"], "unknown")
        await saga.updates(RESOLVE, SEEN)
        assert await saga.ends() == "paid"
        assert len(saga.wallet.sent) == 1


async def test_a_second_that_is_refused_ends_nothing_while_the_first_is_said_to_have_paid(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, wait_scale=0.001, rail=QUIET) as saga:
        await both_out(saga)
        await saga.says(PAID, number=1)
        await saga.says(REFUSED, number=2)
        assert await saga.ends() == "paid"
        assert saga.postings == ["payout_requested", "payout_paid"]
        assert len(saga.wallet.sent) == 2


async def test_a_second_that_never_left_is_not_sent_again_once_the_first_is_said_to_have_paid(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, wait_scale=0.001, rail=QUIET) as saga:
        await both_out(saga, BUSY)
        await saga.says(PAID, number=1)
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), saga.cases) == (2, [])


async def test_what_the_database_bars_has_not_left(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, wait_scale=0.001, rail=BARRED) as saga:
        await barred(saga)
        await saga.says(PAID, number=1)
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), saga.cases) == (1, [])


async def test_what_the_database_barred_goes_once_all_is_weighed(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, wait_scale=0.001, rail=BARRED) as saga:
        await barred(saga)
        await saga.says(EMPTY, number=1)
        await until(lambda: readings(saga).count(EMPTY) == 2,
                    lambda: "it was not weighed")  # fmt: skip
        saga.fence.doubted = set()
        assert await saga.ends() == "paid"
        assert len(set(saga.wallet.sent)) == 2


async def test_what_nobody_signed_is_kept_with_the_answer_that_ends_it(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, rail=QUIET) as saga:
        saga.wallet.answers = [TAKEN]
        await saga.start()
        await saga.wallet.sending.wait()
        await saga.says(PAID, hint=True)
        assert await saga.ends() == "paid"
        last = next(step.evidence for step in saga.sagas.written if step.to == "paid")
        assert [one.source for one in last] == [Source.CALLBACK, Source.QUERY]
