"""What a loan waits for, and how often anybody is told."""

from functools import partial

from temporalio.testing import WorkflowEnvironment

from models.balances import BalancesTold
from models.checkout import RESOLVE, OperatorResolution
from models.loan import LoanState, ParkReason
from models.loan_order import LoanMemory
from models.reading import Reason
from models.saga import SagaStory
from tests.workflows.loan_fakes import Keeper, Lender, ShortCode
from tests.workflows.loan_harness import World, a_loan
from tests.workflows.loan_readings import (
    AMOUNT,
    GOOD,
    NO_ACCOUNT,
    PAYABLE,
    QUOTE,
    holding,
    parks,
)

L = LoanState


async def test_a_wallet_too_small_pays_nothing_and_says_so_once(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_loan(temporal.client, keeper=Keeper(wallet=100)) as loan:
        await loan.start()
        await loan.reaches(L.PARKED)
        steps = len(loan.keeper.steps)
        await loan.wakes()
        await loan.until(lambda: len(loan.keeper.steps) >= steps + 2)
        assert loan.short_code.paid == []
        assert [notice.event for notice in loan.keeper.notices] == ["loan_parked"]
        loan.keeper.wallet = 50_000
        await loan.wakes()
        assert await loan.ends() == L.DISBURSED


async def test_a_disputed_loan_that_was_continued_is_woken_in_vain_and_judged_by_two(
    temporal: WorkflowEnvironment,
) -> None:
    known = LoanMemory(
        payable=PAYABLE, quote=QUOTE, hold=1, disputed=True, told=AMOUNT,
        parked_for=ParkReason.CONTRADICTION,
    )  # fmt: skip
    believed = OperatorResolution(
        actor="op.amina", approver="op.brian", reason="never paid", evidence="portal",
        outcome="failed",
    )  # fmt: skip
    async with a_loan(temporal.client, keeper=Keeper(L.PARKED)) as loan:
        await loan.start(state=L.PARKED, memory=known)
        for _ in range(3):
            await loan.wakes()
        story: SagaStory = await loan.handle.query("story", result_type=SagaStory)
        assert (story.state, loan.keeper.steps) == (L.PARKED, [])
        await loan.updates(RESOLVE, believed)
        assert await loan.ends() == L.DISBURSED
    assert [step.approver for step in loan.keeper.steps if step.approver] == ["op.brian"]


async def test_a_loan_that_waits_for_the_same_reason_writes_nothing(
    temporal: WorkflowEnvironment,
) -> None:
    lender = Lender(looks=[parks(ParkReason.PHONE), parks(ParkReason.PHONE), GOOD])
    async with a_loan(temporal.client, lender=lender) as loan:
        await loan.start()
        await loan.reaches(L.PARKED)
        steps = len(loan.keeper.steps)
        await loan.wakes()
        await loan.until(lambda: lender.looked == 2)
        assert len(loan.keeper.steps) == steps
        await loan.wakes()
        assert await loan.ends() == L.DISBURSED


def _told(loan: World, number: int) -> bool:
    return len(loan.keeper.notices) == number


async def test_balances_nobody_tells_are_asked_for_three_times_then_the_loan_waits(
    temporal: WorkflowEnvironment,
) -> None:
    silent = ShortCode(holds=[None])
    async with a_loan(temporal.client, short_code=silent) as loan:
        await loan.start(scale=0.01)
        await loan.reaches(L.PARKED)
        await loan.handle.terminate()
    assert loan.keeper.shown["parked_for"] == ParkReason.FLOAT
    assert (silent.told, silent.paid) == (3, [])


async def test_an_initiator_m_pesa_refuses_is_not_asked_with_again(
    temporal: WorkflowEnvironment,
) -> None:
    refused = ShortCode(holds=[BalancesTold(reason=Reason.CREDENTIALS)])
    async with a_loan(temporal.client, short_code=refused) as loan:
        await loan.start()
        await loan.reaches(L.PARKED)
        await loan.handle.terminate()
    assert loan.keeper.shown["parked_for"] == ParkReason.CREDENTIALS


async def test_a_float_too_small_waits_before_anything_is_held(
    temporal: WorkflowEnvironment,
) -> None:
    empty = ShortCode(holds=[holding(AMOUNT.minor - 1)])
    async with a_loan(temporal.client, short_code=empty) as loan:
        await loan.start()
        await loan.reaches(L.PARKED)
        await loan.handle.terminate()
    assert (loan.keeper.postings, loan.keeper.shown["needed"]) == ([], AMOUNT.minor)


async def test_a_refusal_on_the_clients_side_is_final_and_told(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_loan(temporal.client, short_code=ShortCode(results=[NO_ACCOUNT])) as loan:
        await loan.start()
        assert await loan.ends() == L.FAILED
    assert loan.keeper.wallet == 100_000
    (told,) = loan.keeper.notices
    assert told.facts["why"] == "the number has no M-Pesa account"
    assert loan.lender.orders == []


async def test_each_new_reason_is_told_once(temporal: WorkflowEnvironment) -> None:
    reasons = (ParkReason.PHONE, ParkReason.PRODUCT, ParkReason.PHONE)
    lender = Lender(looks=[*(parks(reason) for reason in reasons), GOOD])
    async with a_loan(temporal.client, lender=lender) as loan:
        await loan.start()
        for number in range(1, 4):
            await loan.until(partial(_told, loan, number))
            await loan.wakes()
        await loan.ends()
    keys = [notice.key.rpartition("/")[2] for notice in loan.keeper.notices]
    assert keys == ["1", "2", "3", "disbursed"]
