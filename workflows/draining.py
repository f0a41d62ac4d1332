"""Work that lies in the database until it is due, done page by page until nothing is."""

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio import workflow

from models.delivery import DeliveryTotals, Page


async def drain(
    so_far: DeliveryTotals,
    page: Callable[[int], Awaitable[Page]],
    continued: Callable[[DeliveryTotals], Any],
) -> DeliveryTotals:
    """Do pages until none is due; a long history ends in a new run of the chain.

    `page` does page number n of the chain; `continued` is the order of the next run. What is
    due, and when a failed item comes again, stands in the database: a run holds no state worth
    keeping, so a lost run loses nothing.
    """
    totals, more = so_far, True
    while more:
        done = await page(totals.pages + 1)
        totals, more = totals.plus(done), done.more
        workflow.set_current_details(
            f"pages {totals.pages}, delivered {totals.delivered}, failed and parked {totals.failed}"
        )
        if more and workflow.info().is_continue_as_new_suggested():
            workflow.continue_as_new(continued(totals))
    return totals
