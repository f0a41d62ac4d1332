"""One open-loop run, and the search for the rate at which latency stays bounded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

#: Seconds between prompt and approval: the payer's (or, in the baseline, the client's) part.
PAUSE = 1.0
#: Bounded: 95 of 100 end within this many seconds of their due moment, the payer's pause apart.
BOUND = 1.0
_FINER, _COARSER = 1.08, 1.12


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What was offered, and when each one began (was due) and ended, in seconds of the epoch."""

    rate: float
    seconds: float
    offered: int
    samples: Sequence[tuple[float, float]]
    #: Never begun in time, or refused.
    missed: int = 0

    @property
    def bounded(self) -> bool:
        """True when all was begun in time and ended, and latency did not grow with the run."""
        whole = not self.missed and len(self.samples) == self.offered
        return whole and self.p95 <= PAUSE + BOUND

    @property
    def p95(self) -> float:
        """Seconds from due to ended, of the second half of the arrivals."""
        late = sorted(self.samples)[len(self.samples) // 2 :]
        return quantile([ended - began for began, ended in late], 0.95)

    @property
    def throughput(self) -> float:
        """Endings per second, the first and the last tenth apart."""
        ends = sorted(ended for _, ended in self.samples)
        low, high = len(ends) // 10, len(ends) * 9 // 10
        return (high - low) / (ends[high] - ends[low]) if high > low + 1 else 0.0

    @property
    def overall(self) -> float:
        """Endings per second from the first beginning to the last ending.

        What is begun all at once goes on side by side and ends nearly together: the rate of the
        endings alone would leave out the time all of them took.
        """
        if not self.samples:
            return 0.0
        lasted = max(ended for _, ended in self.samples) - min(began for began, _ in self.samples)
        return len(self.samples) / lasted if lasted else 0.0

    @property
    def drain(self) -> float:
        """Seconds from the last arrival to the last ending."""
        if not self.samples:
            return 0.0
        return max(ended for _, ended in self.samples) - max(began for began, _ in self.samples)

    def told(self) -> str:
        """The run in a line."""
        return (
            f"{self.rate:5.1f}/s for {self.seconds:.0f} s: {len(self.samples)} of {self.offered} "
            f"ended at {self.throughput:.1f}/s, p95 {self.p95:.2f} s, "
            f"drained in {self.drain:.1f} s, {self.missed} missed"
        )


class Load(Protocol):
    """Something that can be offered at a rate."""

    def offer(self, rate: float, seconds: float) -> Run:
        """Offer, wait until all have ended, and tell."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best bounded run, and what the machine does when far too much is offered."""

    best: Run | None
    saturated: float
    tried: int

    @property
    def rate(self) -> float:
        """Sustained per second; 0 when nothing was bounded."""
        return self.best.rate if self.best else 0.0


def sustained(
    load: Load, *, flood: float, seconds: float, say: Callable[[str], None], steps: int = 6
) -> Found:
    """Flood to learn the capacity, then climb or fall from it to the highest bounded rate."""
    burst = load.offer(flood, 8.0)
    say(f"  flood   {burst.told()}")
    rate, best, tried = burst.throughput, None, 0
    while tried < steps and rate > 0:
        run = load.offer(rate, seconds)
        tried += 1
        say(f"  {'bounded' if run.bounded else 'too much'} {run.told()}")
        if run.bounded:
            best, rate = run, rate * _FINER
        elif best:
            break
        else:
            rate /= _COARSER
    return Found(best=best, saturated=burst.throughput, tried=tried)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which that share lies; 0 for no values."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0
