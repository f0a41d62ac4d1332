"""Sagas begun all at once and carried to their ends: the closed form, beside bare Temporal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from benchmarks.runs import Run
from benchmarks.witness import Audit


class Timed(Protocol):
    """When one was accepted and when it ended, in seconds of the epoch; None: it did not."""

    @property
    def accepted(self) -> float:
        """The first moment."""
        ...

    @property
    def ended(self) -> float | None:
        """The last moment."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """A measured run. `bare` is the baseline's run, offered all at once as well.

    `cpu_ms`: by process, for each saga; `events`: the median of their histories.
    """

    run: Run
    cpu_ms: Mapping[str, float]
    events: int
    audit: Audit
    bare: Run

    @property
    def ratio(self) -> float:
        """To bare Temporal, workflow by workflow."""
        bare = self.bare.overall
        return self.run.overall / bare if bare else 0.0


def as_run(ours: Sequence[Timed], count: int) -> Run:
    """Accepted to ended; all were offered when the first was accepted."""
    began = min((one.accepted for one in ours), default=0.0)
    samples = [(one.accepted, one.ended) for one in ours if one.ended is not None]
    lasted = max((ended for _, ended in samples), default=began) - began
    return Run(
        rate=count / lasted if lasted else 0.0, seconds=lasted, offered=count, samples=samples
    )
