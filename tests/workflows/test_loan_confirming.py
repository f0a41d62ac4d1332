"""A result nobody signed says that a loan was paid: where it is wanted, M-Pesa is asked first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from temporalio.testing import WorkflowEnvironment

from models.checkout import OperatorAsk
from models.lifecycle import AttemptState
from models.loan import LoanState, ParkReason
from models.reading import Reading, Source
from models.saga import ASK
from tests.workflows.harness import BUSY
from tests.workflows.loan_fakes import ShortCode
from tests.workflows.loan_harness import World, a_loan
from tests.workflows.loan_readings import NO_ACCOUNT, NO_FUNDS, NOT_FOUND, PAID, TERMS

L = LoanState


@asynccontextmanager
async def confirmed(
    temporal: WorkflowEnvironment, answer: Reading | None, result: Reading = PAID
) -> AsyncIterator[tuple[World, ShortCode]]:
    """A loan whose payout has a result, and what M-Pesa answers when it is asked."""
    short_code = ShortCode(results=[result], answers=[answer])
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start(confirm=True)
        yield loan, short_code


async def test_a_result_counts_once_mpesa_says_so_too(temporal: WorkflowEnvironment) -> None:
    async with confirmed(temporal, PAID) as (loan, short_code):
        assert await loan.ends() == L.DISBURSED
    assert (len(short_code.paid), short_code.asked) == (1, 1)
    told = [one.source for step in loan.keeper.steps for one in step.evidence]
    asked = told.index(Source.QUERY)  # the acknowledgement may come before the result
    assert Source.CALLBACK in told[:asked]


async def test_until_mpesa_answers_nothing_is_booked(temporal: WorkflowEnvironment) -> None:
    async with confirmed(temporal, None) as (loan, short_code):
        await loan.until(lambda: short_code.asked > 1)
        assert (loan.keeper.postings, loan.lender.orders) == (["loan_accepted"], [])
        await loan.says(PAID, source=Source.QUERY)
        assert await loan.ends() == L.DISBURSED


@pytest.mark.parametrize("answer", [NO_ACCOUNT, NOT_FOUND], ids=["refused", "not found"])
async def test_what_mpesa_denies_is_paid_no_second_time_and_judged_by_people(
    temporal: WorkflowEnvironment, answer: Reading
) -> None:
    async with confirmed(temporal, answer) as (loan, short_code):
        await loan.until(lambda: bool(loan.keeper.cases))
        await loan.handle.terminate()
    assert (loan.keeper.cases, loan.keeper.state) == (["payout_not_confirmed"], L.UNKNOWN)
    assert (loan.keeper.postings, len(short_code.paid)) == (["loan_accepted"], 1)


async def test_a_forged_want_of_float_has_no_loan_paid_twice(temporal: WorkflowEnvironment) -> None:
    short_code = ShortCode(results=[NO_FUNDS], answers=[PAID])
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start()
        assert await loan.ends() == L.DISBURSED
    assert (len(short_code.paid), loan.keeper.postings) == (1, ["loan_accepted", "loan_paid"])


async def test_want_of_float_is_believed_once_mpesa_knows_of_no_payment(
    temporal: WorkflowEnvironment,
) -> None:
    short_code = ShortCode(results=[NO_FUNDS], answers=[None, NOT_FOUND])
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start()
        await loan.until(lambda: short_code.asked > 0)
        assert loan.keeper.postings == ["loan_accepted"]
        await loan.reaches(L.PARKED)
        assert loan.keeper.shown["parked_for"] == ParkReason.FLOAT
        await loan.handle.terminate()
    assert (len(short_code.paid), short_code.asked > 1) == (1, True)


async def test_a_final_refusal_is_believed_without_a_question(
    temporal: WorkflowEnvironment,
) -> None:
    async with confirmed(temporal, None, result=NO_ACCOUNT) as (loan, short_code):
        assert await loan.ends() == L.FAILED
    assert short_code.asked == 0


#: Long enough for a test to speak before a payout is sent again.
SLOW = replace(TERMS, resend_pauses=(20.0,))


@asynccontextmanager
async def turned_away(
    temporal: WorkflowEnvironment, *, confirm: bool
) -> AsyncIterator[tuple[World, ShortCode]]:
    """A loan whose payout M-Pesa was too busy for: proven not received, to be sent again."""
    short_code = ShortCode(pays=[BUSY], results=[None], answers=[PAID])
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start(confirm=confirm, payout_terms=SLOW)
        received = AttemptState.NOT_RECEIVED
        steps = loan.keeper.steps
        await loan.until(lambda: any(s.instruct and s.instruct.state is received for s in steps))
        yield loan, short_code


async def test_a_payout_a_result_calls_paid_is_asked_about_and_not_sent_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with turned_away(temporal, confirm=True) as (loan, short_code):
        await loan.says(PAID)
        assert await loan.ends() == L.DISBURSED
    assert (len(short_code.paid), short_code.asked) == (1, 1)
    assert L.UNKNOWN in loan.keeper.states


async def test_a_payout_asked_about_while_it_waits_to_be_sent_again_is_believed_as_answered(
    temporal: WorkflowEnvironment,
) -> None:
    async with turned_away(temporal, confirm=False) as (loan, short_code):
        await loan.updates(ASK, OperatorAsk(actor="op.amina", reason="the client calls"))
        assert await loan.ends() == L.DISBURSED
    assert (len(short_code.paid), short_code.asked) == (1, 1)
