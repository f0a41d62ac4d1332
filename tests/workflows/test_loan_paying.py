"""A loan is paid once, as asked, and what is otherwise is judged by people."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest
from temporalio.testing import WorkflowEnvironment

from models import ids
from models.lifecycle import AttemptState
from models.loan import LoanState
from models.loan_order import PAYOUT
from models.money import Money
from models.reading import Reason
from models.saga import SagaStep, SagaWritten
from models.vault_postings import LoanAccepted, LoanPaid
from providers.contract import Ambiguous
from tests.workflows.loan_fakes import Keeper, ShortCode
from tests.workflows.loan_harness import a_loan
from tests.workflows.loan_readings import (
    AMOUNT,
    NO_ACCOUNT,
    NO_FUNDS,
    NOT_FOUND,
    PAID,
    PHONE,
    PRINCIPAL,
    QUOTE,
    RECEIPT,
    TAKEN,
    TERMS,
)

L = LoanState


async def test_the_client_gets_the_net_amount_and_the_books_the_principal(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_loan(temporal.client) as loan:
        await loan.start()
        await loan.ends()
    (payout,) = loan.short_code.paid
    (order,) = loan.lender.orders
    assert (payout.amount, payout.payee) == (AMOUNT, PHONE)
    assert payout.reference == ids.originator_reference(payout.instruction_id)
    assert (order.amount, order.receipt, order.external_id) == (
        PRINCIPAL,
        RECEIPT,
        loan.order.saga.id,
    )
    assert len(order.idempotency_key) <= 50


async def test_only_the_charges_are_held_and_they_are_taken_with_the_payment(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_loan(temporal.client) as loan:
        await loan.start()
        await loan.ends()
    held, paid = (step.posting for step in loan.keeper.steps if step.posting)
    assert isinstance(held, LoanAccepted)
    assert isinstance(paid, LoanPaid)
    assert held.charges == QUOTE.charges
    assert (paid.amount, paid.held, paid.charges) == (AMOUNT, QUOTE.charges, QUOTE.lines)
    assert (paid.receipt.number, paid.provider_fee) == (RECEIPT, Money(1_100, "KES"))


async def test_a_lost_answer_is_asked_about_and_never_sent_again(
    temporal: WorkflowEnvironment,
) -> None:
    lost = ShortCode(pays=[Ambiguous("cut")], results=[None], answers=[None, None, PAID])
    async with a_loan(temporal.client, short_code=lost) as loan:
        await loan.start()
        assert await loan.ends() == L.DISBURSED
    assert (len(lost.paid), lost.asked >= 3) == (1, True)
    assert L.UNKNOWN in loan.keeper.states


async def test_the_books_are_not_touched_while_the_payment_is_unknown(
    temporal: WorkflowEnvironment,
) -> None:
    lost = ShortCode(pays=[Ambiguous("cut")], results=[None])
    async with a_loan(temporal.client, short_code=lost) as loan:
        await loan.start()
        await loan.until(lambda: lost.asked > 2)
        assert loan.lender.orders == []
        await loan.says(PAID)
        await loan.ends()
    assert len(loan.lender.orders) == 1


async def test_after_code_1_the_charges_are_released_and_the_next_attempt_has_a_new_reference(
    temporal: WorkflowEnvironment,
) -> None:
    short_code = ShortCode(results=[NO_FUNDS, PAID], answers=[NOT_FOUND])
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start()
        await loan.reaches(L.PARKED)
        assert loan.keeper.wallet == 100_000
        await loan.wakes()
        await loan.ends()
    first, second = loan.short_code.paid
    assert first.reference != second.reference
    assert second.instruction_id == ids.instruction_id(loan.order.saga.id, PAYOUT, 2)
    assert loan.keeper.postings == ["loan_accepted", "loan_refused", "loan_accepted", "loan_paid"]


@pytest.mark.parametrize(
    ("short_code", "case"),
    [
        (
            ShortCode(results=[replace(PAID, amount=Money(900_000, "KES"))]),
            "amount_mismatch",
        ),
        (
            ShortCode(details=replace(ShortCode().details, same_number=False)),
            "receiver_mismatch",
        ),
    ],
)
async def test_a_payment_not_as_asked_is_booked_nowhere_before_people_judge(
    temporal: WorkflowEnvironment, short_code: ShortCode, case: str
) -> None:
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start()
        await loan.until(lambda: bool(loan.keeper.cases))
        await loan.handle.terminate()
    assert (loan.keeper.cases, loan.keeper.state) == ([case], L.UNKNOWN)
    assert "loan_paid" not in loan.keeper.postings
    last = loan.keeper.steps[-1].instruct
    assert last is not None
    assert last.state is AttemptState.NEEDS_REVIEW


async def test_a_name_that_differs_is_flagged_and_does_not_stop_the_loan(
    temporal: WorkflowEnvironment,
) -> None:
    other = ShortCode(details=replace(ShortCode().details, same_name=False))
    async with a_loan(temporal.client, short_code=other) as loan:
        await loan.start()
        assert await loan.ends() == L.DISBURSED
    assert loan.keeper.shown["receiver_matches"] is False


async def test_a_first_payment_that_was_made_after_all_is_a_case_while_the_second_flies(
    temporal: WorkflowEnvironment,
) -> None:
    short_code = ShortCode(results=[NO_FUNDS, None], answers=[NOT_FOUND])
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start()
        await loan.reaches(L.PARKED)
        await loan.wakes()
        await loan.until(lambda: len(short_code.paid) == 2)
        await loan.says(replace(PAID, receipt="TKL0000AAA"), number=1)
        await loan.says(PAID, number=2)
        assert await loan.ends() == L.DISBURSED
    assert loan.keeper.cases == ["contradiction"]
    assert loan.keeper.shown["receipt"] == RECEIPT


class Interrupted(Keeper):
    """Something else comes, once, while the ending is written."""

    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def commit(self, step: SagaStep) -> SagaWritten:
        if step.to == L.FAILED and self.meanwhile is not None:
            comes, self.meanwhile = self.meanwhile, None
            await comes()
        return await super().commit(step)


async def test_a_success_that_comes_while_the_refusal_is_written_is_a_case(
    temporal: WorkflowEnvironment,
) -> None:
    keeper, refused = Interrupted(), ShortCode(results=[NO_ACCOUNT])
    async with a_loan(temporal.client, short_code=refused, keeper=keeper) as loan:
        keeper.meanwhile = partial(loan.says, PAID)
        await loan.start()
        assert await loan.ends() == L.FAILED
    assert keeper.cases == ["contradiction"]
    assert keeper.steps[-1].needs_review


async def test_a_second_payment_that_never_left_is_not_sent_again_once_the_first_was_made(
    temporal: WorkflowEnvironment,
) -> None:
    never = replace(NO_FUNDS, reason=Reason.NEVER_SENT, retryable=True)
    short_code = ShortCode(results=[NO_FUNDS, None], answers=[NOT_FOUND], pays=[TAKEN, never])
    async with a_loan(temporal.client, short_code=short_code) as loan:
        await loan.start(payout_terms=replace(TERMS, resend_pauses=(3.0,)))
        await loan.reaches(L.PARKED)
        await loan.wakes()
        await loan.until(lambda: len(short_code.paid) == 2)
        await loan.says(replace(PAID, receipt="TKL0000AAA"), number=1)
        await loan.until(lambda: bool(loan.keeper.cases))
        await loan.handle.terminate()
    assert (loan.keeper.cases, loan.keeper.state) == (["contradiction"], L.PARKED)
    assert len(short_code.paid) == 2
