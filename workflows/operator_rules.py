"""What an operator may do to a running checkout. Raised here, nothing is written."""

from uuid import UUID

from temporalio.exceptions import ApplicationError

from models.checkout import OperatorAsk, OperatorResolution
from models.decisions import Known
from models.ids import EVIDENCE, shown
from models.lifecycle import AttemptState
from models.reading import ProviderReport, Reading, Reason, Source, Verdict

_OUTCOMES = {"succeeded": Verdict.SETTLED, "failed": Verdict.REFUSED}
_UNDECIDED = {AttemptState.UNKNOWN, AttemptState.NEEDS_REVIEW}


def may_ask(request: OperatorAsk, known: Known) -> None:
    """Refuses an anonymous question and one about an attempt that has ended."""
    _need(bool(request.actor and request.reason), "actor and reason are required")
    sent = known.state.in_flight and known.state is not AttemptState.QUEUED
    _need(sent, f"attempt is {known.state}: there is nothing to ask")


def may_resolve(resolution: OperatorResolution, known: Known) -> None:
    """Refuses unless two different people, a reason, evidence and an undecided attempt."""
    _need(bool(resolution.actor and resolution.approver), "actor and approver are required")
    _need(resolution.actor != resolution.approver, "the approver may not be the actor")
    _need(bool(resolution.reason and resolution.evidence), "reason and evidence are required")
    _need(resolution.outcome in _OUTCOMES, "outcome must be succeeded or failed")
    receipt = (resolution.receipt or "").strip()
    proven = resolution.outcome == "failed" or known.suspended or receipt
    _need(bool(proven), "receipt is required for a success")
    _need(known.state in _UNDECIDED, f"attempt is {known.state}: only unknown ones are resolved")


def may_decide_now(*, deciding: bool) -> None:
    """Refuses a second word while the first is being written: the first one stands."""
    _need(not deciding, "it is being decided already: look again in a moment")


def as_report(resolution: OperatorResolution, known: Known, unique: UUID) -> ProviderReport:
    """The decision as evidence; `unique` comes from the workflow's own source."""
    return ProviderReport(
        attempt_id=known.id,
        source=Source.OPERATOR,
        reading=Reading(
            verdict=_OUTCOMES[resolution.outcome],
            reason=Reason.OPERATOR,
            receipt=resolution.receipt,
            provider_message=resolution.evidence,
        ),
        evidence_id=shown(EVIDENCE, unique),
    )


def _need(truth: bool, otherwise: str) -> None:  # noqa: FBT001 - reads as a sentence
    if not truth:
        raise ApplicationError(otherwise, type="Refused", non_retryable=True)
