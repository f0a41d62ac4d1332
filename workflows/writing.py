"""How a decided step reaches the database, and the words it carries there."""

import dataclasses

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.records import Records
from models.checkout import AttemptOrder, OperatorResolution
from models.decisions import Decision, Known, Situation
from models.lifecycle import AttemptState
from models.reading import ProviderReport
from models.step import Standing, Step, Written
from workflows import story
from workflows.policies import WRITES, WRITES_LOCALLY, local, ordinary


async def commit(step: Step) -> Written:
    """A local activity first; out of time, the same step as an ordinary one without limit."""
    activity = Records.book if step.posting else Records.record
    summary = f"{step.actor}: {step.payment or step.attempt or 'evidence'}"
    try:
        return await workflow.execute_local_activity_method(
            activity, step, **local(WRITES_LOCALLY, summary)
        )
    except FailureError:
        pass
    try:
        return await workflow.execute_activity_method(activity, step, **ordinary(WRITES, summary))
    except ActivityError as error:  # a broken invariant: stop here, visibly, until repaired
        raise RuntimeError(f"step {step.key} cannot be written") from error


def why(evidence: tuple[ProviderReport, ...]) -> str | None:
    """The last piece of evidence in one line."""
    return story.in_words(evidence[-1]) if evidence else None


def word(decision: Decision, known: Known, resolution: OperatorResolution | None) -> str | None:
    """How open cases of the attempt end, when this step ends them.

    Money still in suspense keeps its case open: somebody has to say where it goes.
    """
    stays = known.suspended is not None and not decision.accepted
    if decision.attempt is None or not decision.attempt.final or stays:
        return None
    if resolution is None:
        return "evidence"
    return "accept" if decision.accepted else resolution.outcome


def believed(known: Known, situation: Situation) -> Standing:
    """Where things stand as the workflow has it."""
    return Standing(
        attempt=known.state,
        payment=situation.payment,
        checkout=situation.checkout,
        needs_review=situation.needs_review,
    )


def adopted(situation: Situation, standing: Standing) -> Situation:
    """The situation as the rows have it."""
    return dataclasses.replace(
        situation,
        checkout=standing.checkout,
        payment=standing.payment,
        needs_review=standing.needs_review,
    )


def nothing_known(attempt: AttemptOrder) -> Known:
    """An attempt as it begins."""
    return Known(
        id=attempt.id,
        provider=attempt.provider,
        amount=attempt.charge.amount,
        state=AttemptState.QUEUED if attempt.queued else AttemptState.CREATED,
    )
