"""A payout holds before it sends, sends once, and gives back what did not leave."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from models.approval import ApprovalStanding
from models.checkout import OperatorResolution
from models.float_gate import FLOAT_CAME, Gate
from models.money import Money
from models.reading import Reading, Reason, Verdict
from models.saga import RESOLVE
from tests.workflows.harness import TERMS
from tests.workflows.payout_harness import (
    EMPTY,
    LOST,
    PAID,
    REFUSED,
    TAKEN,
    a_payout,
    a_rail,
    a_terms,
)
from tests.workflows.waiting import until

PATIENT = replace(TERMS, patience=60.0, ask_every=(60.0,), prompt_lifetime=600.0)


async def test_a_payout_is_held_then_sent_once_then_paid(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client) as saga:
        await saga.start()
        assert await saga.ends() == "paid"
        assert saga.postings == ["payout_requested", "payout_paid"]
        assert saga.events == ["payout.queued", "payout.paid"]
        assert (len(saga.wallet.sent), saga.spent) == (1, [True])
        notices = [notice for step in saga.sagas.written for notice in step.notices]
        assert [(one.event, one.to_phone) for one in notices] == [("payout_paid", "254712000001")]


async def test_a_payout_the_merchant_cannot_bear_fails_and_nothing_is_sent(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.sagas.shorts = 1
        await saga.start()
        assert await saga.ends() == "failed"
        assert (saga.failure, saga.wallet.sent, saga.postings) == ("insufficient_funds", [], [])


async def test_a_refused_payout_gives_everything_back(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client) as saga:
        saga.wallet.answers = [REFUSED]
        await saga.start()
        assert await saga.ends() == "failed"
        assert saga.postings == ["payout_requested", "payout_released"]
        assert (saga.failure, saga.spent) == ("payee_not_found", [False])


async def test_a_lost_answer_is_asked_for_and_never_sent_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.wallet.answers, saga.wallet.told = [LOST], [LOST, PAID]
        await saga.start()
        assert await saga.ends() == "paid"
        assert len(saga.wallet.sent) == 1
        assert saga.events == ["payout.queued", "payout.outcome_unknown", "payout.paid"]


async def test_an_unknown_payout_keeps_its_hold_until_people_decide(
    temporal: WorkflowEnvironment,
) -> None:
    terms = replace(TERMS, horizon=0.5)
    async with a_payout(temporal.client, rail=a_rail(terms)) as saga:
        saga.wallet.answers, saga.wallet.told = [LOST], [LOST]
        await saga.start()
        await saga.sagas.cased.wait()
        assert (saga.postings, saga.spent) == (["payout_requested"], [])
        decided = OperatorResolution(
            outcome="failed", actor="ann", approver="bob", reason="called", evidence="T-1"
        )
        await saga.updates(RESOLVE, decided)
        assert await saga.ends() == "failed"
        assert saga.postings == ["payout_requested", "payout_released"]


async def test_a_callback_ends_what_was_taken(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, rail=a_rail(PATIENT)) as saga:
        saga.wallet.answers = [TAKEN]
        await saga.start()
        await saga.wallet.sending.wait()
        await saga.says(PAID)
        assert await saga.ends() == "paid"
        assert saga.wallet.asked == []


async def test_a_settled_word_about_another_amount_pays_nothing(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        other = replace(PAID, amount=Money(1, "KES"))
        saga.wallet.answers, saga.wallet.told = [TAKEN], [other, PAID]
        await saga.start()
        assert await saga.ends() == "paid"
        assert len(saga.wallet.asked) == 2


async def test_where_our_wallet_is_short_a_new_instruction_follows_the_refused_one(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, wait_scale=0.001) as saga:
        saga.wallet.answers = [EMPTY, PAID]
        await saga.start()
        assert await saga.ends() == "paid"
        assert len(set(saga.wallet.sent)) == 2
        assert (saga.postings, saga.spent) == (["payout_requested", "payout_paid"], [False, True])


async def test_a_callback_alone_never_has_it_sent_again(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, rail=a_rail(PATIENT)) as saga:
        saga.wallet.answers = [TAKEN]
        await saga.start()
        await saga.wallet.sending.wait()
        await saga.says(EMPTY)
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), len(saga.wallet.asked)) == (1, 1)


async def test_a_receipt_booked_elsewhere_is_for_people(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client) as saga:
        saga.sagas.taken = "payout_paid"
        await saga.start()
        await saga.sagas.cased.wait()
        await saga.reaches("unknown")
        saga.sagas.taken = None
        decided = OperatorResolution(
            outcome="succeeded", actor="ann", approver="bob", reason="statement",
            evidence="S-1", receipt="R9",
        )  # fmt: skip
        await saga.updates(RESOLVE, decided)
        assert await saga.ends() == "paid"
        assert saga.cases == ["contradiction"]


async def test_without_float_it_waits_in_the_queue_until_money_comes(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client) as saga:
        saga.ground.gates = [Gate.SHORT, Gate.GRANTED]
        await saga.start()
        await saga.waits_for("float")
        assert saga.wallet.sent == []
        await saga.requests(why=FLOAT_CAME)
        assert await saga.ends() == "paid"


async def test_what_waits_for_its_rail_can_be_taken_back(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client) as saga:
        saga.ground.turns = [False]
        await saga.start()
        await saga.waits_for("provider_down")
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert saga.postings == ["payout_requested", "payout_released"]
        assert (len(saga.ground.left), saga.wallet.sent, saga.spent) == (1, [], [False])


async def test_above_the_limit_a_second_person_lets_it_go(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, approval=a_terms()) as saga:
        await saga.start()
        await saga.approves()
        assert await saga.ends() == "paid"
        assert saga.ground.asked_for == []


@pytest.mark.parametrize(
    ("standing", "why"),
    [
        (ApprovalStanding.REJECTED, "approval_rejected"),
        (ApprovalStanding.EXPIRED, "approval_expired"),
    ],
)
async def test_what_is_not_approved_is_canceled_and_never_held(
    temporal: WorkflowEnvironment, standing: ApprovalStanding, why: str
) -> None:
    async with a_payout(temporal.client, approval=a_terms()) as saga:
        await saga.start()
        await saga.approves(standing)
        assert await saga.ends() == "canceled"
        assert (saga.failure, saga.postings, saga.wallet.sent) == (why, [], [])


async def test_when_nobody_decides_people_are_told_once_before_it_expires(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, approval=a_terms(0.4)) as saga:
        await saga.start()
        await until(lambda: bool(saga.ground.escalations), lambda: "nobody was reminded")
        await saga.approves(ApprovalStanding.EXPIRED)
        assert await saga.ends() == "canceled"
        assert saga.ground.escalations == 1


async def test_an_approval_that_waits_can_be_taken_back(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, approval=a_terms()) as saga:
        await saga.start()
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert saga.failure == "canceled"


async def test_a_scheduled_payout_is_held_only_when_its_day_has_come(
    temporal: WorkflowEnvironment,
) -> None:
    later = datetime.now(UTC) + timedelta(seconds=1)
    async with a_payout(temporal.client, scheduled_at=later) as saga:
        await saga.start()
        assert await saga.ends() == "paid"
        queued = next(step for step in saga.sagas.written if step.to == "queued")
        assert queued.at >= later


async def test_a_scheduled_payout_can_be_taken_back(temporal: WorkflowEnvironment) -> None:
    later = datetime.now(UTC) + timedelta(hours=1)
    async with a_payout(temporal.client, scheduled_at=later) as saga:
        await saga.start()
        await saga.requests(cancel=True)
        assert await saga.ends() == "canceled"
        assert saga.postings == []


async def test_what_never_left_is_sent_again_under_the_same_reference(
    temporal: WorkflowEnvironment,
) -> None:
    busy = Reading(verdict=Verdict.REFUSED, retryable=True, reason=Reason.RATE_LIMITED)
    async with a_payout(temporal.client) as saga:
        saga.wallet.answers = [busy, PAID]
        await saga.start()
        assert await saga.ends() == "paid"
        assert (len(saga.wallet.sent), len(set(saga.wallet.sent))) == (2, 1)


async def test_a_refused_instruction_that_left_after_all_is_for_people(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, wait_scale=0.001, rail=a_rail(PATIENT)) as saga:
        saga.wallet.answers, saga.wallet.told = [EMPTY, TAKEN], [LOST]
        await saga.start()
        await until(lambda: len(saga.wallet.sent) == 2, lambda: "no second instruction")
        await saga.says(PAID, number=1)
        await saga.says(PAID, number=2)
        assert await saga.ends() == "paid"
        assert saga.cases[-1] == "contradiction"
        assert saga.sagas.written[-1].needs_review
