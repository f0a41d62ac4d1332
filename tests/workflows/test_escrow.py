"""An escrow's run: it waits for the rows to say something, and does each thing once."""

from temporalio.testing import WorkflowEnvironment

from models import ids
from tests.workflows.escrow_fakes import an_order, kept
from tests.workflows.harness import PAID, PENDING, a_saga


async def test_an_escrow_is_paid_partly_released_and_the_rest_refunded(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order()) as run:
        await run.paid()
        await run.decides(("release", 4_000), ("refund", 6_000))
        await run.stands("partly_released")
        await run.refund_ends(2, "succeeded")
        assert await run.handle.result() == "closed"
        assert run.rows.released == [(1, 4_000)]
        assert run.rows.events == [
            "escrow.funded",
            "escrow.released",
            "escrow.refunded",
            "escrow.closed",
        ]


async def test_an_escrow_nobody_pays_ends_with_its_session(temporal: WorkflowEnvironment) -> None:
    async with kept(temporal.client, an_order(patience=0.2)) as run:
        run.rows.over = True
        assert await run.handle.result() == "canceled"
        assert run.rows.events == ["escrow.canceled"]


async def test_a_session_whose_payment_is_not_known_is_waited_for(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order(patience=0.2)) as run:
        await run.rows.looked.wait()
        await run.paid()
        await run.decides(("release", 10_000))
        assert await run.handle.result() == "released"


async def test_the_timer_releases_what_is_left_and_nothing_twice(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order(after=60)) as run:
        await run.paid()
        await run.decides(("release", 4_000))
        assert await run.handle.result() == "released"
        assert run.rows.released == [(1, 4_000), (2, 6_000)]


async def test_a_dispute_stops_the_timer_until_it_is_decided(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order(after=60)) as run:
        run.rows.disputed = True
        await run.paid()
        await run.stands("disputed")
        run.rows.disputed = False
        await run.decides(("refund", 10_000))
        await run.refund_ends(1, "succeeded")
        assert await run.handle.result() == "refunded"
        assert run.rows.released == []


async def test_a_refund_that_failed_leaves_its_part_to_the_timer(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order(after=120)) as run:
        await run.paid()
        await run.decides(("refund", 10_000))
        await run.refund_ends(1, "failed")
        assert await run.handle.result() == "released"
        assert run.rows.released == [(2, 10_000)]


async def test_a_refunds_end_that_nobody_told_is_seen_all_the_same(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order()) as run:
        await run.paid()
        await run.decides(("refund", 10_000))
        run.rows.refunds[1] = "succeeded"
        assert await run.handle.result() == "refunded"


async def test_what_the_book_would_not_bear_is_a_case_and_is_tried_again_when_told(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order()) as run:
        await run.paid()
        run.rows.sagas.shorts = 1
        await run.decides(("release", 10_000))
        await run.rows.sagas.cased.wait()
        assert run.rows.released == []
        await run.wake()
        assert await run.handle.result() == "released"
        assert run.rows.released == [(1, 10_000)]


async def test_a_step_that_finds_the_row_elsewhere_is_decided_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with kept(temporal.client, an_order()) as run:
        run.rows.sagas.moved = {"created": "funded"}
        await run.paid()
        await run.decides(("release", 10_000))
        assert await run.handle.result() == "released"


async def test_its_checkout_pays_into_it_and_wakes_it(temporal: WorkflowEnvironment) -> None:
    async with kept(temporal.client, an_order()) as run:
        async with a_saga(temporal.client, prompts=[PENDING], answers=[PAID]) as checkout:
            await run.rows.looked.wait()
            run.rows.looked.clear()
            run.rows.funded = 10_000
            await checkout.start(escrow=run.handle.id)
            await checkout.says(PAID)
            await checkout.ends()
        (posting,) = checkout.records.postings
        assert posting.escrow == run.handle.id
        await run.rows.looked.wait()
        await run.decides(("release", 10_000))
        assert await run.handle.result() == "released"


async def test_a_checkout_ends_although_its_escrow_is_not_there(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_saga(temporal.client, prompts=[PENDING], answers=[PAID]) as checkout:
        await checkout.start(escrow=ids.mint(ids.ESCROW))
        await checkout.says(PAID)
        assert (await checkout.ends()).payment == "succeeded"
