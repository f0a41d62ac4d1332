"""A rail's circuit: what opens it, what closes it, and what is only an answer."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.rail_health import (
    Circuit,
    Counts,
    RailState,
    Rules,
    Window,
    judged,
    new_circuit,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
RULES = Rules()
UP = new_circuit(AT)


def seconds(number: float) -> datetime:
    return AT + timedelta(seconds=number)


def stands(state: RailState, **fields: object) -> Circuit:
    return replace(UP, state=state, **fields)  # type: ignore[arg-type]  # the test's own words


def test_a_rail_that_answers_stays_up() -> None:
    assert judged(UP, Counts(answered=500), at=seconds(1), rules=RULES) is UP


@pytest.mark.parametrize(
    ("counts", "state"),
    [
        (Counts(answered=0, troubled=9), RailState.UP),
        (Counts(answered=0, troubled=10), RailState.OPEN),
        (Counts(answered=10, troubled=10), RailState.OPEN),
        (Counts(answered=11, troubled=9), RailState.DEGRADED),
        (Counts(answered=8, troubled=2), RailState.DEGRADED),
        (Counts(answered=9, troubled=1), RailState.UP),
        (Counts(answered=10, throttled=90), RailState.DEGRADED),
        (Counts(answered=2, troubled=1, asked_troubled=9), RailState.OPEN),
        (Counts(answered=12, asked_troubled=100), RailState.UP),
    ],
)
def test_the_share_of_trouble_decides(counts: Counts, state: RailState) -> None:
    assert judged(UP, counts, at=seconds(1), rules=RULES).state is state


def test_a_degraded_rail_recovers_when_nearly_all_is_answered() -> None:
    degraded = stands(RailState.DEGRADED)
    still = judged(degraded, Counts(answered=85, troubled=15), at=seconds(1), rules=RULES)
    well = judged(degraded, Counts(answered=95, troubled=5), at=seconds(1), rules=RULES)
    assert (still.state, well.state) == (RailState.DEGRADED, RailState.UP)


def test_an_open_rail_rests_and_is_tried_by_few() -> None:
    opened = judged(UP, Counts(troubled=10), at=AT, rules=RULES)
    resting = judged(opened, Counts(troubled=5), at=seconds(14), rules=RULES)
    tried = judged(opened, Counts(), at=seconds(15), rules=RULES)
    assert (resting.state, tried.state, tried.trials) == (RailState.OPEN, RailState.HALF_OPEN, 5)


def test_questions_nobody_answers_keep_it_open_and_one_answer_does_not() -> None:
    opened = judged(UP, Counts(troubled=10), at=AT, rules=RULES)
    away = judged(opened, Counts(asked_troubled=3), at=seconds(15), rules=RULES)
    back = judged(opened, Counts(asked_troubled=3, asked_answered=1), at=seconds(15), rules=RULES)
    assert (away.state, back.state) == (RailState.OPEN, RailState.HALF_OPEN)
    assert (away.since, away.until) == (AT, seconds(45))


def test_each_failure_in_a_row_doubles_the_rest_up_to_a_limit() -> None:
    rests, circuit = [], UP
    for _ in range(7):
        tried = replace(circuit, state=RailState.HALF_OPEN)
        circuit = judged(tried, Counts(troubled=1), at=AT, rules=RULES)
        assert circuit.until is not None
        rests.append((circuit.until - AT).total_seconds())
    assert rests == [15, 30, 60, 120, 240, 300, 300]


def test_trials_that_are_answered_close_it_and_forget_the_streak() -> None:
    tried = stands(RailState.HALF_OPEN, trials=0, streak=4)
    waiting = judged(tried, Counts(answered=4), at=seconds(5), rules=RULES)
    closed = judged(tried, Counts(answered=5), at=seconds(5), rules=RULES)
    assert waiting is tried
    assert (closed.state, closed.streak, closed.counted_from) == (RailState.UP, 0, seconds(5))


def test_a_quiet_rail_half_open_gets_new_trials_or_is_believed_by_questions() -> None:
    tried = stands(RailState.HALF_OPEN, trials=0, streak=1)
    again = judged(tried, Counts(), at=seconds(60), rules=RULES)
    believed = judged(tried, Counts(asked_answered=1), at=seconds(60), rules=RULES)
    assert (again.state, again.trials, again.since) == (RailState.HALF_OPEN, 5, AT)
    assert believed.state is RailState.UP


def test_maintenance_goes_before_all_and_ends_with_trials() -> None:
    window = Window(starts_at=AT, ends_at=seconds(100), reason="M-Pesa upgrade")
    closed = judged(UP, Counts(answered=50), at=seconds(1), rules=RULES, window=window)
    after = judged(closed, Counts(), at=seconds(100), rules=RULES)
    assert (closed.state, closed.until) == (RailState.MAINTENANCE, seconds(100))
    assert after.state is RailState.HALF_OPEN
    assert [window.holds(seconds(one)) for one in (-1, 0, 99, 100)] == [False, True, True, False]


def test_the_rules_times_follow_the_one_wait_setting_and_the_window_stays_long_enough() -> None:
    scaled = RULES.scaled(0.1)
    assert (scaled.rest, scaled.longest_rest, scaled.trial_life) == (1.5, 30, 6)
    assert [RULES.scaled(one).window for one in (0.1, 0.5, 1.0)] == [60, 60, 120]
