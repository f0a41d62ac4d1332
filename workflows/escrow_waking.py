"""Waking an escrow from another workflow: it reads the rows again, and nothing is told it."""

from temporalio import workflow
from temporalio.exceptions import FailureError

from models.escrow_order import AWAKE
from models.saga import REQUESTED


async def wake(escrow: str | None) -> None:
    """Have it look now. One that does not run yet, or has ended, looks by itself or needs not."""
    if escrow is None:
        return
    try:
        await workflow.get_external_workflow_handle(escrow).signal(REQUESTED, AWAKE)
    except FailureError:
        workflow.logger.info("%s was not there to be woken", escrow)
