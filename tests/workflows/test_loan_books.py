"""What the lender's books are told, and what they are never told twice."""

import pytest
from temporalio.testing import WorkflowEnvironment

from models.loan import LoanState, ParkReason
from models.loan_decisions import DECIDE_POSTING, PostingDecision, PostingWord
from models.loan_order import LoanMemory
from models.reading import Reading
from tests.workflows.loan_fakes import Keeper, Lender, ShortCode
from tests.workflows.loan_harness import a_loan
from tests.workflows.loan_readings import (
    BOOKED,
    DATE,
    LOCKED,
    OTHER_HAND,
    PAID,
    PAYABLE,
    PRINCIPAL,
    QUOTE,
    RECEIPT,
    RUNNING,
    UNBOOKED,
)

L = LoanState


async def test_a_known_failure_takes_a_new_key_and_a_running_one_the_same(
    temporal: WorkflowEnvironment,
) -> None:
    lender = Lender(posts=[LOCKED, RUNNING, BOOKED], backs=[UNBOOKED, UNBOOKED, BOOKED])
    async with a_loan(temporal.client, lender=lender) as loan:
        await loan.start()
        await loan.ends()
    first, second, third = (order.idempotency_key for order in lender.orders)
    assert first != second
    assert second == third
    assert len({order.external_id for order in lender.orders}) == 1


async def test_a_refused_posting_is_prepared_for_whoever_decides(
    temporal: WorkflowEnvironment,
) -> None:
    lender = Lender(posts=[DATE], backs=[UNBOOKED])
    async with a_loan(temporal.client, lender=lender) as loan:
        await loan.start()
        await loan.reaches(L.POSTING_REVIEW)
        await loan.handle.terminate()
    (case,) = (step.case for step in loan.keeper.steps if step.case)
    facts = case.facts
    assert (case.kind, facts["loan"], facts["amount"]) == ("posting_refused", 17, PRINCIPAL.minor)
    assert (facts["receipt"], facts["external_id"]) == (RECEIPT, loan.order.saga.id)


async def test_another_hand_in_the_books_is_suspected_and_nothing_is_sent_again(
    temporal: WorkflowEnvironment,
) -> None:
    lender = Lender(posts=[Reading(verdict=BOOKED.verdict)], backs=[OTHER_HAND])
    async with a_loan(temporal.client, lender=lender) as loan:
        await loan.start()
        await loan.reaches(L.POSTING_REVIEW)
        await loan.handle.terminate()
    assert loan.keeper.cases == ["double_disbursement_suspected"]
    assert (len(lender.orders), len(loan.short_code.paid)) == (1, 1)


async def test_one_person_alone_decides_nothing_about_a_posting(
    temporal: WorkflowEnvironment,
) -> None:
    lender = Lender(posts=[DATE], backs=[UNBOOKED])
    alone = PostingDecision(
        word=PostingWord.POST_AGAIN, actor="op.amina", approver="op.amina", reason="seen"
    )
    async with a_loan(temporal.client, lender=lender) as loan:
        await loan.start()
        await loan.reaches(L.POSTING_REVIEW)
        with pytest.raises(Exception, match="update"):
            await loan.updates(DECIDE_POSTING, alone)
        await loan.handle.terminate()
    assert len(lender.orders) == 1


async def test_a_run_that_finds_the_row_elsewhere_goes_on_from_there(
    temporal: WorkflowEnvironment,
) -> None:
    known = LoanMemory(payable=PAYABLE, quote=QUOTE, hold=1, receipt=RECEIPT)
    lender, keeper = Lender(memory=known), Keeper(L.PAID)
    async with a_loan(temporal.client, lender=lender, keeper=keeper) as loan:
        await loan.start()
        assert await loan.ends() == L.DISBURSED
    assert (loan.short_code.paid, lender.remembered) == ([], 1)
    assert lender.orders[0].receipt == RECEIPT


async def test_a_run_that_begins_anew_after_sending_does_not_pay_again(
    temporal: WorkflowEnvironment,
) -> None:
    known = LoanMemory(payable=PAYABLE, quote=QUOTE, hold=1)
    keeper = Keeper(L.SENDING)
    short_code = ShortCode(answers=[PAID])
    async with a_loan(
        temporal.client, lender=Lender(memory=known), keeper=keeper, short_code=short_code
    ) as loan:
        keeper.sent(loan.order.saga)
        await loan.start()
        assert await loan.ends() == L.DISBURSED
    assert short_code.paid == []


async def test_a_run_that_was_continued_while_it_waited_goes_on(
    temporal: WorkflowEnvironment,
) -> None:
    memory = LoanMemory(parked_for=ParkReason.PHONE, parks=1)
    async with a_loan(temporal.client, keeper=Keeper(L.PARKED)) as loan:
        await loan.start(state=L.PARKED, memory=memory)
        await loan.wakes()
        assert await loan.ends() == L.DISBURSED
    assert loan.keeper.states[0] == L.PREFLIGHT
    assert loan.lender.remembered == 0
