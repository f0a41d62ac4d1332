"""When to ask, when silence is unknown, when absence is proof: rules of time, without a server."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.charge import Terms
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reading, Reason, Source, Verdict
from tests.workflows.harness import DUPLICATE, NO_TURN, NOT_FOUND, PENDING, SILENT
from workflows.clock import Clock

CLOSED = Reading(verdict=Verdict.UNKNOWN, reason=Reason.CONFIGURATION)
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
    assert [absent_at(clock, second) for second in (10, 20, 70)] == [False, False, True]
    clock.sent(at(100))
    assert [absent_at(clock, second) for second in (170, 180)] == [False, True]


def test_one_answer_weighed_twice_is_told_once() -> None:
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    gone = told(NOT_FOUND)
    proven = [clock.judged(gone, at(300)).not_received for _ in range(2)]
    assert (proven, absent_at(clock, 310)) == ([False, False], True)


def absent_at(clock: Clock, second: int) -> bool:
    """Whether a "not found" of that second proves anything."""
    gone = replace(told(NOT_FOUND), evidence_id=f"ev-{second}")
    return clock.judged(gone, at(second)).not_received


def told(reading: Reading, source: Source = Source.QUERY) -> ProviderReport:
    return ProviderReport(attempt_id="att", source=source, reading=reading, evidence_id="ev")


def proofs(*reports: ProviderReport, after_all: bool = False) -> list[bool]:
    """Of each answer, told minutes after the sending, whether it proves that nothing came."""
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    proven = []
    for number, said in enumerate(reports):
        report = replace(said, evidence_id=f"ev-{number}")
        clock.heard(report, at(300))
        proven.append(clock.judged(report, at(300), lambda _absent: after_all).not_received)
    return proven


@pytest.mark.parametrize(
    "said",
    [told(PENDING, Source.ACK), told(PENDING), told(DUPLICATE, Source.ACK), told(DUPLICATE)],
    ids=["taken", "under way", "refused as a repeat", "known"],
)
def test_absence_proves_nothing_of_what_they_said_they_have(said: ProviderReport) -> None:
    gone = told(NOT_FOUND)
    assert proofs(said, *[gone] * 4) == [False] * 5
    assert proofs(said, gone, gone, after_all=True) == [False, False, True]


@pytest.mark.parametrize("between", [SILENT, CLOSED], ids=["silence", "an error"])
def test_who_knows_nothing_between_two_absences_does_not_part_them(between: Reading) -> None:
    gone = told(NOT_FOUND)
    assert proofs(gone, told(between), gone) == [False, False, True]


def test_an_answer_in_between_begins_the_count_anew() -> None:
    gone, waits = told(NOT_FOUND), told(PENDING)
    proven = proofs(gone, waits, gone, gone, after_all=True)
    assert proven == [False, False, False, True]


def test_an_unsigned_pending_says_nothing_of_who_has_it() -> None:
    gone, called = told(NOT_FOUND), told(PENDING, Source.CALLBACK)
    assert proofs(called, gone, gone) == [False, False, True]


def test_who_has_no_turn_has_not_sent_and_comes_again_ever_less_often() -> None:
    clock = Clock(TERMS, 1.0, queues=True)
    pauses = []
    for second in (0, 10, 100, 1_000, 50_000):
        clock.sent(at(second))
        clock.heard(NO_TURN, at(second))
        pauses.append(clock.resend_pause(at(second), lambda: 0.5))
        assert clock.may_send_again()
    assert pauses == [1.0, 5.0, 20.0, 100.0, 3_600.0]
    assert clock.resend_pause(at(50_000), lambda: 0.0) == 1_800.0


@pytest.mark.parametrize(("queues", "waits"), [(True, TERMS.horizon), (False, 120.0)])
def test_a_turn_is_waited_for_no_longer_than_anybody_wants_it(queues: bool, waits: float) -> None:
    clock = Clock(TERMS, 1.0, queues=queues)
    clock.sent(START)
    clock.heard(NO_TURN, at(waits - 1))
    for _ in range(TERMS.resends + 1):
        assert clock.may_send_again()
        clock.sent(at(waits))
        clock.heard(NO_TURN, at(waits))
    assert not clock.may_send_again()


def test_what_never_left_counts_after_any_wait_for_a_turn() -> None:
    clock = Clock(TERMS, 1.0)
    clock.sent(START)
    clock.heard(NO_TURN, START)
    clock.sent(at(1))
    assert clock.resend_pause(at(1), lambda: 0.9) == TERMS.resend_pauses[0]


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
