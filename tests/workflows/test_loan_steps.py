"""What a loan's saga writes, sends and says on its way."""

from dataclasses import replace
from functools import partial

import pytest
from temporalio.testing import WorkflowEnvironment

from models import ids
from models.balances import BalancesTold
from models.lifecycle import AttemptState
from models.loan import LoanState, ParkReason
from models.loan_decisions import DECIDE_POSTING, PostingDecision, PostingWord
from models.loan_order import PAYOUT, LoanMemory
from models.money import Money
from models.reading import Reading, Reason
from models.vault_postings import LoanAccepted, LoanPaid
from providers.contract import Ambiguous
from tests.workflows.loan_harness import (
    AMOUNT,
    BOOKED,
    DATE,
    GOOD,
    LOCKED,
    NO_ACCOUNT,
    NO_FUNDS,
    OTHER_HAND,
    PAID,
    PAYABLE,
    PHONE,
    PRINCIPAL,
    QUOTE,
    RECEIPT,
    RUNNING,
    UNBOOKED,
    Keeper,
    Lender,
    ShortCode,
    World,
    a_loan,
    holding,
    parks,
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


async def test_after_code_1_the_charges_are_released_and_the_next_attempt_has_a_new_reference(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_loan(temporal.client, short_code=ShortCode(results=[NO_FUNDS, PAID])) as loan:
        await loan.start()
        await loan.reaches(L.PARKED)
        assert loan.keeper.wallet == 100_000
        await loan.wakes()
        await loan.ends()
    first, second = loan.short_code.paid
    assert first.reference != second.reference
    assert second.instruction_id == ids.instruction_id(loan.order.saga.id, PAYOUT, 2)
    assert loan.keeper.postings == ["loan_accepted", "loan_refused", "loan_accepted", "loan_paid"]


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


async def test_a_first_payment_that_was_made_after_all_is_a_case_while_the_second_flies(
    temporal: WorkflowEnvironment,
) -> None:
    short_code = ShortCode(results=[NO_FUNDS, None])
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
