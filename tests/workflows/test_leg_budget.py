"""A leg stays one run: how long its history gets when nobody answers. Without a server."""

from datetime import UTC, datetime, timedelta

import pytest

from models import collection_order, float_order, loan_order
from models.charge import Terms
from models.lifecycle import AttemptState
from tests.workflows.float_harness import an_order
from tests.workflows.harness import NO_TURN
from workflows.clock import Clock

START = datetime(2026, 11, 21, tzinfo=UTC)
DAY = timedelta(days=1)
#: Timer 2, question 3, an answer by callback 1, its step 1, and three workflow tasks of 3.
QUESTION = 16
#: Timer 2, call 3, step 1, and two workflow tasks of 3.
SENDING = 12
#: Temporal refuses 51,200 events; a saga has several legs.
OF_A_LEG, OF_A_YEAR = 2_000, 10_000

TERMS = {
    "payout": loan_order.PAYOUT_TERMS,
    "loan_posting": loan_order.POSTING_TERMS,
    "prompt": collection_order.PROMPT_TERMS,
    "collection_posting": collection_order.POSTING_TERMS,
    "transfer": float_order.TRANSFER_TERMS,
    "move": float_order.MOVE_TERMS,
    "float": an_order().float_terms(),
}


def questions(terms: Terms, span: timedelta) -> int:
    """How often an outcome that stays unknown is asked about within the span."""
    clock, now, count = Clock(terms, 1.0), START, 0
    clock.sent(START)
    while now - START < span:
        reviewed = clock.past_horizon(now)
        state = AttemptState.NEEDS_REVIEW if reviewed else AttemptState.UNKNOWN
        now += timedelta(seconds=clock.pause(now, state))
        clock.questions, count = clock.questions + 1, count + 1
    return count


@pytest.mark.parametrize("name", TERMS)
def test_a_leg_nobody_answers_is_short_by_the_time_people_look(name: str) -> None:
    terms = TERMS[name]
    assert questions(terms, timedelta(seconds=terms.horizon)) * QUESTION < OF_A_LEG


@pytest.mark.parametrize("name", TERMS)
def test_a_leg_nobody_decides_for_a_year_still_has_room(name: str) -> None:
    assert questions(TERMS[name], 365 * DAY) * QUESTION < OF_A_YEAR


@pytest.mark.parametrize("name", TERMS)
def test_what_is_refused_before_acting_is_not_sent_so_often_that_history_ends(name: str) -> None:
    assert (TERMS[name].resends + 1) * SENDING < OF_A_LEG


def test_a_payout_without_a_turn_until_people_look_leaves_its_history_short() -> None:
    clock, now, sendings = Clock(loan_order.PAYOUT_TERMS, 1.0, queues=True), START, 0
    while not sendings or clock.may_send_again():
        clock.sent(now)
        clock.heard(NO_TURN, now)
        now += timedelta(seconds=clock.resend_pause(now, lambda: 0.0))
        sendings += 1
    assert now - START >= timedelta(seconds=loan_order.PAYOUT_TERMS.horizon)
    assert sendings * SENDING < OF_A_LEG


def test_in_review_a_question_waits_a_tenth_of_the_age_and_a_day_at_most() -> None:
    clock = Clock(loan_order.PAYOUT_TERMS, 1.0)
    clock.sent(START)
    clock.questions = 99
    waits = [
        clock.pause(START + age * DAY, AttemptState.NEEDS_REVIEW) / DAY.total_seconds()
        for age in (1, 5, 30)
    ]
    assert waits == pytest.approx([0.1, 0.5, 1.0])
    assert clock.pause(START + DAY, AttemptState.UNKNOWN) == 1800.0
