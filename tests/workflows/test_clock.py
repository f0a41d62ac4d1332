"""When to ask, when silence is unknown, when absence is proof: rules of time, without a server."""

from datetime import UTC, datetime, timedelta

from models.charge import Terms
from models.lifecycle import AttemptState
from workflows.clock import Clock

START = datetime(2026, 11, 21, 8, tzinfo=UTC)
TERMS = Terms(
    patience=20.0,
    ask_every=(15.0, 30.0, 600.0),
    settle_time=60.0,
    absence_proves=True,
    horizon=86_400.0,
    prompt_lifetime=120.0,
)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_asking_widens_while_the_outcome_is_unknown() -> None:
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    pauses = []
    for _ in range(4):
        pauses.append(clock.pause(at(200), AttemptState.UNKNOWN))
        clock.questions += 1
    assert pauses == [15.0, 30.0, 600.0, 600.0]


def test_a_sending_after_long_silence_is_asked_about_as_soon_as_the_first() -> None:
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    clock.questions = 7
    clock.sent(at(4_000))
    assert clock.pause(at(4_000), AttemptState.AWAITING_CUSTOMER) == TERMS.patience


def test_the_prompts_life_counts_from_the_last_sending_and_the_horizon_from_the_first() -> None:
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    assert clock.prompt_is_over(at(120))
    clock.sent(at(86_390))
    assert not clock.prompt_is_over(at(86_400))
    assert clock.past_horizon(at(86_400))


def test_absence_is_proof_only_when_settled_and_told_twice() -> None:
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    assert [clock.absence_is_proof(at(second)) for second in (10, 20, 70)] == [False, False, True]
    clock.sent(at(100))
    assert [clock.absence_is_proof(at(second)) for second in (170, 180)] == [False, True]


def test_every_wait_is_scaled() -> None:
    clock = Clock(TERMS, 0.05)
    clock.sent(START)
    assert clock.pause(START, AttemptState.AWAITING_CUSTOMER) == 1.0
    assert clock.prompt_is_over(at(6.0))


def test_when_a_prompt_was_answered_is_forgotten_with_the_next_sending() -> None:
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    clock.answered(at(2))
    assert clock.answered_at == at(2)
    clock.sent(at(100))
    assert clock.answered_at is None
