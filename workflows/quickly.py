"""A step of the database alone: locally first, and out of time as an ordinary one."""

from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError

from workflows.policies import WRITES, WRITES_LOCALLY, local, ordinary


async def quickly(activity: Any, argument: Any, summary: str) -> Any:
    """What the step answers. It may be repeated: a local activity out of time runs on.

    An ordinary activity costs three events of history and a turn of the task queue more.
    """
    try:
        return await workflow.execute_local_activity_method(
            activity, argument, **local(WRITES_LOCALLY, summary)
        )
    except FailureError:
        return await workflow.execute_activity_method(
            activity, argument, **ordinary(WRITES, summary)
        )
