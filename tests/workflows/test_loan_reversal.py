"""What M-Pesa took back is undone in the lender's books by two people, or left as it is."""

from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from models.lifecycle import AttemptState
from models.loan import LoanState
from models.loan_decisions import ReversalWord
from models.money import Money
from models.reading import Reading, Reason, Verdict
from models.tariff import ChargeLine, TariffCode
from models.vault_postings import LoanReversed
from tests.histories.loan_recordings import a_reversal, turned_round
from tests.workflows.loan_fakes import Keeper, Lender

REFUSED = Reading(verdict=Verdict.REFUSED, reason=Reason.NOT_ALLOWED)


async def reversed_by(
    temporal: WorkflowEnvironment, lender: Lender | None = None, **changes: Any
) -> Keeper:
    keeper = Keeper(changes.get("state", LoanState.DISBURSED))
    await turned_round(temporal.client, a_reversal(**changes), keeper, lender or Lender())
    return keeper


async def test_the_booking_is_undone_and_the_mirror_turned_round(
    temporal: WorkflowEnvironment,
) -> None:
    keeper = await reversed_by(temporal)
    assert keeper.state == LoanState.REVERSED
    assert keeper.postings == ["loan_reversed"]
    last = keeper.steps[-1]
    assert (last.actor, last.approver, last.closes) == ("op.amina", "op.brian", "undo")
    first = keeper.steps[0].instruct
    assert first is not None
    assert (first.rail, first.state) == ("mpesa_b2c", AttemptState.REVERSED)


async def test_charges_come_back_as_the_order_says(temporal: WorkflowEnvironment) -> None:
    fee = ChargeLine(
        code=TariffCode.PROCESSING_LOAN, net=Money(2_000, "KES"), tax=Money(320, "KES")
    )
    keeper = await reversed_by(temporal, returned=(fee,))
    posting = keeper.steps[-1].posting
    assert isinstance(posting, LoanReversed)
    assert (posting.returned, keeper.steps[-1].shows["returned"]) == ((fee,), 2_320)


async def test_a_booking_the_books_will_not_undo_stays_in_review(
    temporal: WorkflowEnvironment,
) -> None:
    keeper = await reversed_by(temporal, Lender(undone=REFUSED, stands=True))
    assert keeper.state == LoanState.REVERSAL_REVIEW
    assert (keeper.cases, keeper.postings) == (["undo_refused"], [])


@pytest.mark.parametrize("changes", [{"word": ReversalWord.WAIVE}, {"posted": False}])
async def test_what_was_not_booked_or_is_left_needs_no_undoing(
    temporal: WorkflowEnvironment, changes: dict[str, Any]
) -> None:
    lender = Lender(undone=REFUSED, stands=True)
    keeper = await reversed_by(temporal, lender, state=LoanState.REVERSAL_REVIEW, **changes)
    assert (keeper.state, keeper.postings) == (LoanState.REVERSED, ["loan_reversed"])


async def test_a_loan_turned_round_already_is_left_alone(temporal: WorkflowEnvironment) -> None:
    keeper = Keeper(LoanState.REVERSED)
    await turned_round(temporal.client, a_reversal(), keeper, Lender())
    assert keeper.steps == []
