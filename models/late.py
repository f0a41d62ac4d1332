"""A report about a saga that has ended."""

from dataclasses import dataclass

from models import saga_states
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reason, Verdict
from models.saga import SagaKind, SagaRef

LATE = "late-report"
#: Where a payment goes that was taken back after its saga had ended.
REVIEW = "reversal_review"

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


def taken_back(order: LateOrder, state: str) -> bool:
    """True when the provider took back what a loan was paid with: then two people decide."""
    reversed_ = order.report.reading.reason is Reason.REVERSED
    loan = order.saga.kind is SagaKind.LOAN
    return loan and reversed_ and saga_states.allowed(order.saga.kind, state, REVIEW)


def money_of_ours(order: LateOrder) -> bool:
    """True when an unsigned message says that money came into our own wallet after all."""
    unsigned = order.report.hint and order.report.verdict is Verdict.SETTLED
    return unsigned and order.saga.kind is SagaKind.TOPUP
