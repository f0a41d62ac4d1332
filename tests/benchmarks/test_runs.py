"""The search for the sustained rate, against a machine that is one queue."""

import pytest

from benchmarks.runs import PAUSE, Found, Run, quantile, sustained


class OneQueue:
    """Ends `capacity` a second in order, each at least the pause after it began."""

    def __init__(self, capacity: float, *, loses: int = 0) -> None:
        self._gap = 1 / capacity
        self._loses = loses

    def offer(self, rate: float, seconds: float) -> Run:
        free, samples = 0.0, []
        for number in range(int(rate * seconds)):
            began = number / rate
            free = max(free + self._gap, began + PAUSE)
            samples.append((began, free))
        kept = samples[: len(samples) - self._loses]
        return Run(rate=rate, seconds=seconds, offered=len(samples), samples=kept)


def searched(queue: OneQueue) -> Found:
    return sustained(queue, flood=90.0, seconds=25.0, say=lambda _line: None)


def test_the_sustained_rate_is_what_the_machine_can_do() -> None:
    found = searched(OneQueue(40.0))
    assert found.saturated == pytest.approx(40.0, rel=0.02)
    assert 38.0 <= found.rate <= 45.0


def test_a_run_that_loses_one_is_never_bounded() -> None:
    found = searched(OneQueue(40.0, loses=1))
    assert found.best is None
    assert found.rate == 0.0


def test_latency_that_grows_with_the_run_is_not_bounded() -> None:
    assert OneQueue(40.0).offer(30.0, 25.0).bounded
    assert not OneQueue(40.0).offer(60.0, 25.0).bounded


def test_a_run_with_dropped_iterations_does_not_count() -> None:
    begun = [(float(at), at + PAUSE) for at in range(10)]
    run = Run(rate=1.0, seconds=10.0, offered=10, samples=begun, missed=1)
    assert not run.bounded


def test_a_quantile_is_a_value_that_was_measured() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([], 0.99) == 0.0
