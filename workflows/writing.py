"""How a decided step reaches the database."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, FailureError

from activities.records import Records
from models.step import Step, Written
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
