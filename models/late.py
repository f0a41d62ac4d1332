"""A report about a saga that has ended."""

from dataclasses import dataclass

from models.lifecycle import AttemptState
from models.reading import ProviderReport, Verdict
from models.saga import SagaRef

LATE = "late-report"

_SAYS = {
    Verdict.SETTLED: frozenset({AttemptState.SUCCEEDED, AttemptState.REVERSED}),
    Verdict.REFUSED: frozenset({AttemptState.FAILED, AttemptState.REJECTED, AttemptState.REVERSED}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LateOrder:
    """What came, and for which saga."""

    saga: SagaRef
    report: ProviderReport


def contradicts(state: AttemptState, report: ProviderReport) -> bool:
    """True when a final word differs from how the instruction ended: a person has to look."""
    agrees = _SAYS.get(report.verdict)
    return agrees is not None and state not in agrees
