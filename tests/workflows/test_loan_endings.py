"""Every way a loan can go ends where it must, and pays its client at most once."""

import pytest
from temporalio.testing import WorkflowEnvironment

from models.loan import LoanState
from tests.histories.loan_endings import endings, play
from tests.workflows.loan_harness import a_loan


@pytest.mark.parametrize("name", endings())
async def test_a_loan_ends_where_it_must(temporal: WorkflowEnvironment, name: str) -> None:
    ending = endings()[name]
    async with a_loan(
        temporal.client, lender=ending.lender, short_code=ending.short_code, keeper=ending.keeper
    ) as loan:
        assert await play(loan, ending) == ending.ends
    booked = loan.keeper.postings.count("loan_paid")
    assert booked == (ending.ends not in {LoanState.FAILED, LoanState.REJECTED})
    references = [payout.reference for payout in loan.short_code.paid]
    assert len(set(references)) == loan.keeper.postings.count("loan_accepted")
