"""What is said while the last step of a saga is written: weighed, and nobody is kept waiting."""

import asyncio
from typing import Any

from temporalio.client import WorkflowHandle, WorkflowUpdateHandle, WorkflowUpdateStage
from temporalio.testing import WorkflowEnvironment

from models.checkout import RESOLVE, OperatorResolution
from models.ids import mint
from models.lifecycle import AttemptState
from models.loan import LoanState
from models.loan_decisions import DECIDE_POSTING, PostingDecision, PostingWord
from models.loan_order import LoanMemory
from models.reading import ProviderReport, Reading, Source, Verdict
from models.saga import SagaStep, SagaStory, SagaWritten
from providers.contract import Ambiguous
from tests.workflows.float_fakes import BACK
from tests.workflows.float_harness import a_saga, an_order
from tests.workflows.loan_fakes import Keeper, Lender
from tests.workflows.loan_harness import a_loan
from tests.workflows.loan_readings import BOOKED, DATE, PAID, PAYABLE, QUOTE, RECEIPT, UNBOOKED
from tests.workflows.vault_fakes import Away
from tests.workflows.waiting import PATIENCE
from workflows.saga import Change
from workflows.vault import late

SUCCEEDED = OperatorResolution(
    actor="op.amina",
    approver="op.brian",
    reason="the bank wrote",
    evidence="letter 7",
    outcome="succeeded",
    receipt="FT7",
)
BY_HAND = PostingDecision(
    word=PostingWord.POSTED_BY_HAND, actor="op.amina", approver="op.brian", reason="seen"
)


async def accepted(
    handle: WorkflowHandle[Any, str], update: str, message: Any
) -> WorkflowUpdateHandle[SagaStory]:
    """The workflow has taken the update in and has not answered it."""
    return await handle.start_update(
        update, message, wait_for_stage=WorkflowUpdateStage.ACCEPTED, result_type=SagaStory
    )


async def soon(update: WorkflowUpdateHandle[SagaStory]) -> SagaStory:
    return await asyncio.wait_for(update.result(), PATIENCE)


async def test_operators_who_decide_while_a_purchase_ends_are_answered_and_it_ends(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, an_order(transfers=True)) as saga:
        away = saga.sagas.away = Away("transfer_refused")
        saga.bank.transfers, saga.watch.traces = [Ambiguous("reset")], [BACK]
        await saga.start()
        await saga.requests("verified")
        await away.tried.wait()
        update = await accepted(saga.handle, RESOLVE, SUCCEEDED)
        away.back.set()
        assert (await soon(update)).state == "transfer_refused"
        assert await saga.ends() == "transfer_refused"
    last = saga.sagas.written[-1]
    assert [one.source for one in last.evidence] == [Source.OPERATOR]
    assert (saga.cases, last.needs_review) == (["contradiction"], True)


class LateKeeper(Keeper):
    """A keeper whose database is away when the saga is to end."""

    def __init__(self, state: str, away: Away) -> None:
        super().__init__(state)
        self.away = away

    async def commit(self, step: SagaStep) -> SagaWritten:
        await self.away.meets(step)
        return await super().commit(step)


async def test_operators_who_decide_what_the_books_have_just_shown_are_answered(
    temporal: WorkflowEnvironment,
) -> None:
    away = Away(LoanState.DISBURSED)
    lender = Lender(posts=[DATE], backs=[UNBOOKED, BOOKED])
    async with a_loan(
        temporal.client, lender=lender, keeper=LateKeeper(LoanState.FOUND, away)
    ) as loan:
        await loan.start(scale=0.001)
        await away.tried.wait()
        update = await accepted(loan.handle, DECIDE_POSTING, BY_HAND)
        away.back.set()
        assert (await soon(update)).state == LoanState.DISBURSED
        assert await loan.ends() == LoanState.DISBURSED
    assert not any(step.approver for step in loan.keeper.steps)


async def test_an_earlier_payout_that_shows_up_with_the_last_step_is_a_case(
    temporal: WorkflowEnvironment,
) -> None:
    away = Away(LoanState.DISBURSED)
    known = LoanMemory(payable=PAYABLE, quote=QUOTE, hold=2, payout=2, receipt=RECEIPT)
    keeper = LateKeeper(LoanState.PAID, away)
    async with a_loan(temporal.client, lender=Lender(memory=known), keeper=keeper) as loan:
        await loan.start(state=LoanState.PAID, memory=known)
        await away.tried.wait()
        await loan.says(PAID, number=1)
        await loan.handle.query("story")
        away.back.set()
        assert await loan.ends() == LoanState.DISBURSED
    assert loan.keeper.cases == ["contradiction"]


class MovedKeeper(LateKeeper):
    """Another workflow brings the loan to review between its last step and its last words."""

    async def commit(self, step: SagaStep) -> SagaWritten:
        if step.believes == LoanState.DISBURSED == self.state:
            self.state = LoanState.REVERSAL_REVIEW
        return await super().commit(step)


async def test_what_is_said_at_the_end_is_not_lost_where_the_row_was_moved_meanwhile(
    temporal: WorkflowEnvironment,
) -> None:
    away = Away(LoanState.DISBURSED)
    known = LoanMemory(payable=PAYABLE, quote=QUOTE, hold=2, payout=2, receipt=RECEIPT)
    keeper = MovedKeeper(LoanState.PAID, away)
    async with a_loan(temporal.client, lender=Lender(memory=known), keeper=keeper) as loan:
        await loan.start(state=LoanState.PAID, memory=known)
        await away.tried.wait()
        await loan.says(PAID, number=1)
        await loan.handle.query("story")
        away.back.set()
        assert await loan.ends() == LoanState.REVERSAL_REVIEW
    assert loan.keeper.cases == ["contradiction"]


def a_report(verdict: Verdict) -> ProviderReport:
    return ProviderReport(
        attempt_id="ins_1",
        source=Source.CALLBACK,
        reading=Reading(verdict=verdict),
        evidence_id=mint("evd"),
    )


def test_a_late_word_that_agrees_is_evidence_and_one_that_does_not_is_a_case() -> None:
    said = a_report(Verdict.SETTLED)
    assert late(said, AttemptState.SUCCEEDED) == late(said, None) == Change(evidence=(said,))
    assert late(said, AttemptState.UNKNOWN) == Change(evidence=(said,))
    against = late(said, AttemptState.FAILED)
    assert against.case is not None
    assert (against.case.kind, against.needs_review) == ("contradiction", True)
