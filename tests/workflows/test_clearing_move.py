"""Every way a clearing move can go: where it ends, what is booked, how often it was sent."""

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.testing import WorkflowEnvironment

from models.clearing_move import ClearingWord
from models.money import Money
from tests.histories.clearing_endings import CLEARING_ENDINGS, play
from tests.workflows.clearing_harness import AMOUNT, OTHER, WAVE, a_move, an_order, through_the_bank


@pytest.mark.parametrize("name", CLEARING_ENDINGS)
async def test_each_ending_books_and_sends_what_it_should(
    temporal: WorkflowEnvironment, name: str
) -> None:
    ending = CLEARING_ENDINGS[name]
    async with a_move(temporal.client, ending.order()) as move:
        assert await play(move, ending) == ending.ends
        assert tuple(move.postings) == ending.postings
        assert len(move.bank.sent) == ending.sends
        assert len({reference for _, reference in move.bank.sent}) <= 1
        assert tuple(move.gate.ended) == ending.spent


async def test_the_float_is_reserved_before_anything_is_sent_and_let_go_after_it_is_booked(
    temporal: WorkflowEnvironment,
) -> None:
    ending = CLEARING_ENDINGS["through_the_bank_and_told"]
    async with a_move(temporal.client, ending.order()) as move:
        await play(move, ending)
        asked = move.gate.asked[0]
        assert (asked.id, asked.place, asked.amount) == (
            move.order.saga.id, move.order.origin, AMOUNT,
        )  # fmt: skip


async def test_a_move_is_concluded_in_the_name_of_whoever_saw_it(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_move(temporal.client, an_order()) as move:
        await move.start()
        await move.decided()
        await move.booked("clearing_sent")
        await move.concludes(ClearingWord.ARRIVED)
        assert await move.ends() == "arrived"
        assert [step.actor for step in move.sagas.written if step.to == "arrived"] == ["tess"]


async def test_a_move_that_is_late_is_a_case_once(temporal: WorkflowEnvironment) -> None:
    ending = CLEARING_ENDINGS["late_then_seen"]
    async with a_move(temporal.client, ending.order()) as move:
        await play(move, ending)
        assert move.cases == ["clearing_overdue"]
        assert move.events[-1] == "clearing_move.arrived"


async def test_what_arrived_short_says_how_much_came(temporal: WorkflowEnvironment) -> None:
    ending = CLEARING_ENDINGS["by_hand_and_short"]
    async with a_move(temporal.client, ending.order()) as move:
        await play(move, ending)
        shown = move.sagas.written[-1].shows
        assert shown["arrived"] == AMOUNT.minor - 30_000


@pytest.mark.parametrize(
    ("actor", "amount", "word"),
    [
        ("mara", AMOUNT, ClearingWord.ARRIVED),
        ("tess", Money(AMOUNT.minor + 1, "KES"), ClearingWord.ARRIVED),
        ("tess", Money(100, "UGX"), ClearingWord.ARRIVED),
        ("tess", Money(100, "KES"), ClearingWord.RETURNED),
    ],
)
async def test_a_word_that_cannot_be_so_is_not_taken(
    temporal: WorkflowEnvironment, actor: str, amount: Money, word: ClearingWord
) -> None:
    async with a_move(temporal.client, an_order()) as move:
        await move.start()
        await move.decided()
        await move.booked("clearing_sent")
        with pytest.raises(WorkflowUpdateFailedError):
            await move.concludes(word, amount=amount, actor=actor)
        assert move.sagas.state == "sent"


async def test_money_at_the_bank_is_confirmed_with_the_banks_own_reference(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_move(temporal.client, an_order(destination=OTHER)) as move:
        await move.start()
        await move.decided()
        await move.booked("clearing_sent")
        with pytest.raises(WorkflowUpdateFailedError):
            await move.concludes(ClearingWord.ARRIVED)
        await move.concludes(ClearingWord.ARRIVED, receipt="FT5")
        assert await move.ends() == "arrived"


async def test_nobody_says_it_arrived_before_it_is_known_to_have_left(
    temporal: WorkflowEnvironment,
) -> None:
    ending = CLEARING_ENDINGS["answer_lost_and_arrived"]
    async with a_move(temporal.client, through_the_bank()) as move:
        ending.prepared(move)
        await move.start()
        await move.decided()
        await move.reaches("unknown")
        with pytest.raises(WorkflowUpdateFailedError):
            await move.concludes(ClearingWord.ARRIVED)
        await move.told(AMOUNT)
        assert await move.ends() == "arrived"


async def test_the_credit_of_a_receipt_that_is_booked_elsewhere_is_only_evidence(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_move(temporal.client, an_order(destination=WAVE)) as move:
        await move.start()
        await move.decided()
        await move.booked("clearing_sent")
        move.sagas.disputes = 1
        await move.told(AMOUNT)
        await move.told(AMOUNT, receipt="FT99")
        assert await move.ends() == "arrived"
        assert move.postings == ["clearing_sent", "clearing_arrived"]


async def test_a_bank_that_does_not_answer_is_asked_again_until_it_has_arrived(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_move(temporal.client, through_the_bank(watched=True)) as move:
        move.looks.away, move.looks.shown = 2, AMOUNT
        await move.start()
        await move.decided()
        assert await move.ends() == "arrived"
        assert move.looks.looked == 3
