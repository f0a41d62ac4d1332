"""Endings of an escrow: what `record` writes and replay reads."""

from collections.abc import Awaitable, Callable
from typing import Any

from temporalio.client import Client, WorkflowHandle

from models.escrow_order import EscrowOrder
from tests.workflows.escrow_fakes import Kept, Play, an_order, kept

Recorded = Callable[[Client], Awaitable[WorkflowHandle[Any, Any]]]


def _played(order: EscrowOrder, script: Play) -> Recorded:
    async def play(client: Client) -> WorkflowHandle[Any, Any]:
        async with kept(client, order) as run:
            await script(run)
            await run.handle.result()
            return run.handle

    return play


async def _unpaid(run: Kept) -> None:
    run.rows.over = True


async def _in_parts(run: Kept) -> None:
    await run.paid()
    await run.decides(("release", 4_000))
    await run.stands("partly_released")
    await run.decides(("release", 6_000))


async def _divided(run: Kept) -> None:
    await run.paid()
    await run.decides(("release", 4_000), ("refund", 6_000))
    await run.stands("partly_released")
    await run.refund_ends(2, "succeeded")


async def _refunded(run: Kept) -> None:
    await run.paid()
    await run.decides(("refund", 10_000))
    await run.refund_ends(1, "succeeded")


async def _refund_failed(run: Kept) -> None:
    await run.paid()
    await run.decides(("refund", 10_000))
    await run.refund_ends(1, "failed")
    await run.decides(("release", 10_000))


async def _disputed(run: Kept) -> None:
    run.rows.disputed = True
    await run.paid()
    await run.stands("disputed")
    run.rows.disputed = False
    await run.decides(("release", 7_000), ("refund", 3_000))
    await run.refund_ends(2, "succeeded")


async def _withdrawn(run: Kept) -> None:
    run.rows.disputed = True
    await run.paid()
    await run.stands("disputed")
    run.rows.disputed = False
    await run.wake()


async def _short(run: Kept) -> None:
    await run.paid()
    run.rows.sagas.shorts = 1
    await run.decides(("release", 10_000))
    await run.rows.sagas.cased.wait()
    await run.wake()


async def _timed(run: Kept) -> None:
    await run.paid()


ESCROW_ENDINGS: dict[str, Recorded] = {
    "escrow-canceled_with_its_session": _played(an_order(patience=0.2), _unpaid),
    "escrow-released_in_parts": _played(an_order(), _in_parts),
    "escrow-released_by_the_timer": _played(an_order(after=60), _timed),
    "escrow-closed_after_a_release_and_a_refund": _played(an_order(), _divided),
    "escrow-refunded": _played(an_order(), _refunded),
    "escrow-released_after_a_refund_failed": _played(an_order(), _refund_failed),
    "escrow-closed_by_the_word_of_two": _played(an_order(), _disputed),
    "escrow-released_by_the_timer_after_a_dispute": _played(an_order(after=60), _withdrawn),
    "escrow-released_once_the_book_could_bear_it": _played(an_order(), _short),
}
