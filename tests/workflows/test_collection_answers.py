"""M-Pesa answers after the asking has ended: kept, and against what is posted a case."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from temporalio.testing import WorkflowEnvironment

from models.collection_confirmation import PAYMENT_TOLD, PaymentTold
from models.collection_decisions import CollectionWord
from models.money import Money
from models.reading import Reading, Reason, Verdict
from tests.workflows.collection_fakes import World, a_world, an_order, decided, told
from tests.workflows.vault_fakes import Away
from tests.workflows.waiting import until

TRUE = told()
DATE = Reading(verdict=Verdict.REFUSED, reason=Reason.DATE_REFUSED)
DENIED = told(Reading(verdict=Verdict.UNKNOWN, reason=Reason.NOT_FOUND), credited=None)
OTHER = told(replace(TRUE.reading, amount=Money(100, "KES")))
LATER = told(Reading(verdict=Verdict.PENDING))


@pytest.fixture
async def world(temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    async with a_world(temporal.client) as opened:
        yield opened


async def answers(world: World, answer: PaymentTold) -> None:
    await world.handle.signal(PAYMENT_TOLD, answer)


def kept(world: World) -> list[str]:
    return [one.evidence_id for step in world.sagas.written for one in step.evidence]


async def keeps(world: World, answer: PaymentTold) -> None:
    """Wait until the answer is written."""
    await until(lambda: answer.evidence_id in kept(world), lambda: "the answer was dropped")


async def test_an_answer_that_comes_in_suspense_is_kept_for_who_decides(world: World) -> None:
    await world.start(an_order("JANE"))
    await world.reaches("suspense")
    await answers(world, TRUE)
    await keeps(world, TRUE)
    await world.decide(decided(CollectionWord.LEAVE))
    assert await world.handle.result() == "left"


async def test_an_answer_that_comes_while_people_look_at_a_posting_is_kept(world: World) -> None:
    world.books.answers = [DATE]
    await world.start(an_order())
    await world.reaches("posting_review")
    await answers(world, TRUE)
    await keeps(world, TRUE)
    await world.decide(decided(CollectionWord.POSTED_BY_HAND))
    assert await world.handle.result() == "posted"


@pytest.mark.parametrize(
    ("answer", "cases"),
    [(TRUE, []), (LATER, []), (DENIED, ["contradiction"]), (OTHER, ["contradiction"])],
    ids=["true", "says nothing", "no such receipt", "another amount"],
)
async def test_an_answer_that_denies_what_is_posted_is_a_case(
    world: World, answer: PaymentTold, cases: list[str]
) -> None:
    away = world.sagas.away = Away("posted")
    await world.start(an_order())
    await away.tried.wait()
    await answers(world, answer)
    await world.handle.query("story")
    away.back.set()
    assert await world.handle.result() == "posted"
    assert answer.evidence_id in kept(world)
    assert world.cases == cases
