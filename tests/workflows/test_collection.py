"""A payment on a pay bill is posted once where it belongs, and waits for people where not."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from models.collection_decisions import AfterReversal, CollectionWord
from models.collection_order import CollectionMemory
from models.reading import Reading, Reason, Verdict
from models.vault_postings import CollectionPosted, CollectionReceived, CollectionReversed
from providers.contract import Ambiguous, Unreachable
from tests.workflows.collection_fakes import (
    CAME,
    LOAN,
    PHONE,
    RECEIPT,
    World,
    a_reversal,
    a_world,
    an_order,
    decided,
    posted_loan,
)
from tests.workflows.collection_lender import a_loan, a_savings
from tests.workflows.harness import TERMS

NOT_UNIQUE = Reading(
    verdict=Verdict.UNKNOWN, reason=Reason.DUPLICATE, provider_code="must.be.unique"
)
LOCKED = Reading(verdict=Verdict.REFUSED, reason=Reason.LOCKED, retryable=True)
DATE = Reading(verdict=Verdict.REFUSED, reason=Reason.DATE_REFUSED)
WAITS = Reading(verdict=Verdict.PENDING, reason=Reason.PARKED)
NO = Reading(verdict=Verdict.REFUSED, reason=Reason.NOT_ALLOWED)


@pytest.fixture
async def world(temporal: WorkflowEnvironment) -> AsyncIterator[World]:
    async with a_world(temporal.client) as opened:
        yield opened


async def test_a_payment_is_posted_once_and_the_client_told_receipt_account_and_balance(
    world: World,
) -> None:
    await world.start(an_order("0000-00012"))
    assert await world.handle.result() == "posted"
    assert world.sagas.states == ["matched", "posted"]
    assert [(told.receipt, told.external_id) for told in world.books.told] == [(RECEIPT, RECEIPT)]
    assert [type(one) for one in world.postings] == [CollectionReceived, CollectionPosted]
    assert world.told == [("repayment_posted", PHONE)]
    facts = world.sagas.written[-1].notices[0].facts
    assert (facts["account"], facts["balance"]) == ("000000012", "KES 2,500.00")


async def test_a_savings_account_gets_a_deposit(world: World) -> None:
    await world.start(an_order("S40"))
    assert await world.handle.result() == "posted"
    assert [type(told).__name__ for told in world.books.told] == ["Deposit"]


async def test_a_lost_answer_is_read_back_and_nothing_is_posted_twice(world: World) -> None:
    world.books.answers = [Ambiguous("read timeout")]
    await world.start(an_order())
    assert await world.handle.result() == "posted"
    assert len(world.books.told) == 1


async def test_not_unique_is_our_own_earlier_success_when_the_amount_is_the_same(
    world: World,
) -> None:
    world.books.loans[12] = posted_loan()
    await world.start(an_order())
    assert await world.handle.result() == "posted"
    assert world.books.told == []


async def test_not_unique_and_not_on_this_account_is_for_people(world: World) -> None:
    world.books.answers = [NOT_UNIQUE]
    await world.start(an_order())
    await world.reaches("posting_review")
    assert world.cases == ["receipt_booked_elsewhere"]
    await world.decide(decided(CollectionWord.POSTED_BY_HAND))
    assert await world.handle.result() == "posted"


async def test_another_amount_under_our_receipt_is_for_people(world: World) -> None:
    line = replace((posted_loan().transactions or ())[0], amount=replace(CAME, minor=1))
    world.books.loans[12] = a_loan(transactions=(line,))
    await world.start(an_order())
    await world.reaches("posting_review")
    assert (world.cases, world.books.told) == (["posting_mismatch"], [])
    await world.decide(decided(CollectionWord.TO_SUSPENSE))
    await world.reaches("suspense")
    await world.decide(decided(CollectionWord.LEAVE))
    assert await world.handle.result() == "left"


async def test_a_locked_loan_is_posted_to_later_under_a_new_key(world: World) -> None:
    world.books.answers = [LOCKED]
    await world.start(an_order())
    assert await world.handle.result() == "posted"
    assert len({told.idempotency_key for told in world.books.told}) == 2


async def test_a_refused_date_waits_for_two_people_and_is_posted_again(world: World) -> None:
    world.books.answers = [DATE]
    await world.start(an_order())
    await world.reaches("posting_review")
    await world.decide(decided(CollectionWord.POST_AGAIN))
    assert await world.handle.result() == "posted"
    assert len(world.books.told) == 2


async def test_a_run_that_was_continued_in_review_posts_under_a_key_not_used_before(
    world: World,
) -> None:
    world.books.answers, order = [LOCKED, DATE], an_order()
    await world.start(order)
    await world.reaches("posting_review")
    await world.handle.terminate()
    memory = CollectionMemory(paid=order.paid, target=LOAN, tries=3)
    await world.start(replace(order, begun="posting_review", memory=memory))
    await world.decide(decided(CollectionWord.POST_AGAIN))
    assert await world.handle.result() == "posted"
    assert len({told.idempotency_key for told in world.books.told}) == 3


async def test_books_that_stay_away_are_given_up_on_and_left_to_people(world: World) -> None:
    world.books.answers = [Unreachable("down")] * 3
    await world.start(an_order())
    await world.reaches("posting_review")
    assert (world.cases, len(world.books.told)) == (["posting_refused"], 3)
    await world.decide(decided(CollectionWord.POST_AGAIN))
    assert await world.handle.result() == "posted"


async def test_a_posting_that_waits_for_a_checker_is_posted_once_he_approves(
    world: World,
) -> None:
    world.books.answers = [WAITS]
    await world.start(an_order())
    await world.reaches("posting_review")
    assert world.cases == ["posting_parked"]
    world.books.loans[12] = posted_loan()
    await world.asks()
    assert await world.handle.result() == "posted"
    assert len(world.books.told) == 1


async def test_a_loan_that_is_not_active_leaves_the_money_in_suspense(world: World) -> None:
    world.books.loans[12] = a_loan(status=600)
    await world.start(an_order())
    await world.reaches("suspense")
    assert world.books.told == []
    await world.decide(decided(CollectionWord.REFUNDED))
    assert await world.handle.result() == "refunded"
    ended = world.postings[-1]
    assert isinstance(ended, CollectionReversed)
    assert (ended.event, ended.posted) == ("refunded", False)


async def test_a_loan_closed_between_match_and_posting_is_not_posted_to(world: World) -> None:
    world.books.answers = [NO]
    await world.start(an_order())
    await world.reaches("suspense")
    assert world.cases == ["unmatched_collection"]
    await world.decide(decided(CollectionWord.ALLOCATE, account="S40"))
    assert await world.handle.result() == "posted"
    assert [type(told).__name__ for told in world.books.told] == ["Repayment", "Deposit"]


async def test_unmatched_money_is_allocated_by_two_people(world: World) -> None:
    await world.start(an_order("JANE"))
    await world.reaches("suspense")
    assert world.told == [("system_error", None)]
    with pytest.raises(WorkflowUpdateFailedError):
        await world.decide(decided(CollectionWord.ALLOCATE, account="999"))
    story = await world.decide(decided(CollectionWord.ALLOCATE, account="L12"))
    assert story.needs_review is False
    assert await world.handle.result() == "posted"
    allocated = next(step for step in world.sagas.written if step.to == "allocated")
    assert (allocated.actor, allocated.approver) == ("op.amina", "op.brian")


async def test_asked_in_suspense_money_is_allocated_although_the_books_are_away(
    world: World,
) -> None:
    world.books.answers = [Unreachable("down")]
    await world.start(an_order("JANE"))
    await world.reaches("suspense")
    await world.asks()
    await world.decide(decided(CollectionWord.ALLOCATE, account="L12"))
    assert await world.handle.result() == "posted"
    assert len(world.books.told) == 2


async def test_one_person_alone_decides_nothing(world: World) -> None:
    await world.start(an_order("JANE"))
    await world.reaches("suspense")
    for word in (CollectionWord.LEAVE, CollectionWord.REFUNDED):
        with pytest.raises(WorkflowUpdateFailedError):
            await world.decide(decided(word, approver="op.amina"))
    assert world.sagas.state == "suspense"
    await world.decide(decided(CollectionWord.REVERSED))
    assert await world.handle.result() == "reversed"


async def test_a_number_of_two_accounts_is_nobodys_until_a_prefix_says_whose(
    world: World,
) -> None:
    world.books.savings[12] = a_savings(12)
    await world.start(an_order("12"))
    await world.reaches("suspense")
    case = next(step.case for step in world.sagas.written if step.case)
    assert case is not None
    assert case.facts["why"] == "ambiguous"
    await world.decide(decided(CollectionWord.ALLOCATE, account="S12"))
    assert await world.handle.result() == "posted"


async def test_silent_books_are_asked_again_and_then_left_to_people(world: World) -> None:
    world.books.silent = True
    await world.start(an_order(posting_terms=replace(TERMS, horizon=10.0)))
    await world.reaches("suspense")
    case = next(step.case for step in world.sagas.written if step.case)
    assert case is not None
    assert case.facts["why"] == "books_silent"
    await world.decide(decided(CollectionWord.LEAVE))
    assert await world.handle.result() == "left"


async def test_a_receipt_booked_for_something_else_is_never_counted_twice(world: World) -> None:
    world.sagas.disputes = 1
    await world.start(an_order())
    assert await world.handle.result() == "left"
    assert (world.cases, world.postings) == (["contradiction"], [])


async def test_a_reversal_after_posting_is_undone_read_back_and_told(world: World) -> None:
    world.books.loans[12] = posted_loan()
    assert await world.reverses(a_reversal()) == "reversed"
    assert [undo.transaction_id for undo in world.books.undone] == [564]
    turned = world.postings[-1]
    assert isinstance(turned, CollectionReversed)
    assert turned.posted
    assert world.told == [("repayment_reversed", PHONE)]


async def test_an_undo_that_is_refused_waits_in_review_and_may_be_waived(world: World) -> None:
    world.books.loans[12] = posted_loan()
    world.books.undo_answers = [DATE]
    assert await world.reverses(a_reversal()) == "reversal_review"
    assert (world.cases, world.postings) == (["undo_refused"], [])
    waived = a_reversal(AfterReversal.WAIVE, state="reversal_review", number=2)
    assert await world.reverses(waived) == "reversed"


async def test_a_transaction_that_is_gone_from_the_books_is_not_undone_blindly(
    world: World,
) -> None:
    assert await world.reverses(a_reversal()) == "reversal_review"
    assert world.books.undone == []
