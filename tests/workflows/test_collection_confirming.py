"""A confirmation nobody signed is asked about before it is posted, and what it claims compared."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from models.collection_confirmation import PAYMENT_TOLD, PaymentTold
from models.collection_decisions import CollectionWord
from models.money import Money
from models.reading import Reading, Reason, Verdict
from models.receipt_question import Turn
from providers.contract import Ambiguous, Unreachable
from tests.workflows.collection_fakes import (
    CAME,
    RECEIPT,
    World,
    a_world,
    an_order,
    decided,
    told,
)
from tests.workflows.waiting import until

TRUE = told()
NOT_FOUND = told(Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND), credited=None)
LATER = told(Reading(verdict=Verdict.PENDING))
LOCKED = told(Reading(verdict=Verdict.UNKNOWN, reason=Reason.CREDENTIALS), credited=None)
OTHER = told(replace(TRUE.reading, amount=Money(100, "KES")))


@pytest.fixture
async def world(temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    async with a_world(temporal.client) as opened:
        yield opened


async def starts(world: World, *answers: Any, scale: float = 0.01) -> None:
    world.pay_bill.answers = list(answers)
    await world.start(an_order(confirm=True, scale=scale))


async def waits(world: World) -> dict[str, Any]:
    """Suspended, with nothing posted; what the case says."""
    await world.reaches("suspense")
    assert world.books.told == []
    [case] = [step.case for step in world.sagas.written if step.case]
    assert case.kind == "collection_not_confirmed"
    return dict(case.facts)


async def test_what_mpesa_knows_as_told_is_posted_after_one_question(world: World) -> None:
    await starts(world, TRUE)
    assert await world.handle.result() == "posted"
    assert world.pay_bill.asked == [RECEIPT]
    kept = [one.evidence_id for step in world.sagas.written for one in step.evidence]
    assert TRUE.evidence_id in kept


async def test_a_question_waits_its_turn_and_is_then_asked_once(world: World) -> None:
    world.turns.script = [Turn.WAIT, Turn.WAIT]
    await starts(world, TRUE)
    assert await world.handle.result() == "posted"
    assert len(world.turns.claims) == 3
    assert world.pay_bill.asked == [RECEIPT]


async def test_a_question_whose_taking_is_unclear_is_waited_for_and_not_asked_again(
    world: World,
) -> None:
    world.turns.script = [Turn.ASK, Turn.SHUT]
    await starts(world, Ambiguous("read timeout"), scale=1.0)
    await until(lambda: bool(world.pay_bill.asked), lambda: "nobody asked")
    await world.handle.signal(PAYMENT_TOLD, TRUE)
    assert await world.handle.result() == "posted"
    assert len(world.pay_bill.asked) == 1


async def test_without_the_rule_nobody_is_asked(world: World) -> None:
    await world.start(an_order())
    assert await world.handle.result() == "posted"
    assert world.pay_bill.asked == []


@pytest.mark.parametrize(
    "answer",
    [
        OTHER,
        told(credited="600100"),
        told(credited=""),
        told(replace(TRUE.reading, receipt="TKL3XYZ9AC")),
        told(Reading(verdict=Verdict.REFUSED, reason=Reason.REVERSED)),
    ],
    ids=["amount", "short code", "a person", "receipt", "reversed"],
)
async def test_what_mpesa_tells_otherwise_waits_for_people_at_once(
    world: World, answer: PaymentTold
) -> None:
    await starts(world, answer)
    assert (await waits(world))["why"] == "contradicted"
    assert len(world.pay_bill.asked) == 1


@pytest.mark.parametrize("confirm", [True, False])
async def test_a_confirmation_for_another_short_code_contradicts_itself(
    world: World, confirm: bool
) -> None:
    world.pay_bill.answers = [told(credited="600100")]
    await world.start(an_order(confirm=confirm, told_short_code="600100"))
    facts = await waits(world)
    assert (facts["why"], facts["told_short_code"]) == ("contradicted", "600100")
    assert world.pay_bill.asked == []


async def test_a_confirmation_that_names_its_own_short_code_is_asked_about(world: World) -> None:
    world.pay_bill.answers = [TRUE]
    await world.start(an_order(confirm=True, told_short_code="600966"))
    assert await world.handle.result() == "posted"


async def test_the_case_names_both_amounts(world: World) -> None:
    await starts(world, OTHER)
    facts = await waits(world)
    case = next(step.case for step in world.sagas.written if step.case)
    assert (case.amount, facts["said_amount"]) == (CAME, 100)


async def test_a_receipt_mpesa_denies_three_times_is_posted_by_nobody(world: World) -> None:
    await starts(world, NOT_FOUND, NOT_FOUND, NOT_FOUND)
    assert (await waits(world))["why"] == "no_such_receipt"
    assert len(world.pay_bill.asked) == 3


async def test_a_receipt_that_shows_up_later_is_posted(world: World) -> None:
    await starts(world, NOT_FOUND, LATER, TRUE)
    assert await world.handle.result() == "posted"
    shown = [step.shows["why"] for step in world.sagas.written if "why" in step.shows]
    assert shown == ["being_confirmed", None, None]


async def test_a_lost_question_is_asked_again(world: World) -> None:
    busy = Reading(verdict=Verdict.UNKNOWN, reason=Reason.RATE_LIMITED)
    await starts(world, Unreachable("down"), busy, TRUE)
    assert await world.handle.result() == "posted"
    assert len(world.pay_bill.asked) == 3


async def test_an_initiator_that_is_refused_is_not_tried_again(world: World) -> None:
    await starts(world, LOCKED)
    assert (await waits(world))["why"] == "not_confirmed"
    assert len(world.pay_bill.asked) == 1


async def test_silence_past_the_horizon_is_for_people_and_what_they_name_is_posted(
    world: World,
) -> None:
    await starts(world, scale=0.000_01)
    assert (await waits(world))["why"] == "not_confirmed"
    await world.decide(decided(CollectionWord.ALLOCATE, account="L12"))
    assert await world.handle.result() == "posted"


async def test_the_books_of_the_lender_are_not_asked_before_the_money_is_sure(
    world: World,
) -> None:
    world.books.silent = True
    await starts(world, OTHER)
    assert (await waits(world))["why"] == "contradicted"
