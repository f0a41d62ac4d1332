"""A payout by bank is paid when the bank shows it, and given back when it bounces later."""

from dataclasses import replace

import pytest
from temporalio.testing import WorkflowEnvironment

from models.money import Money
from models.reading import Reading, Reason, Verdict
from tests.workflows.payout_harness import AMOUNT, PAID, Saga, a_payout, to_bank

BOUNCED = Reading(verdict=Verdict.REFUSED, reason=Reason.REVERSED, amount=AMOUNT, receipt="FT-BACK")


def returned(saga: Saga) -> list[tuple[str, str | None]]:
    """What was booked as come back, with the receipt it claims."""
    postings = [step.posting for step in saga.sagas.written if step.posting]
    return [
        (one.event, one.receipt.number if one.receipt else None)
        for one in postings
        if one.kind == "payout_returned"
    ]


async def test_what_the_bank_shows_as_paid_is_paid_and_stays_paid(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, **to_bank()) as saga:
        await saga.start()
        assert await saga.ends() == "paid"
        assert (len(saga.bank.sent), saga.postings) == (1, ["payout_requested", "payout_paid"])


async def test_a_bounce_that_is_seen_later_is_owed_to_the_merchant_again(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, **to_bank()) as saga:
        saga.bank.told = [PAID, PAID, BOUNCED]
        await saga.start()
        assert await saga.ends() == "returned"
        assert returned(saga) == [("returned", "FT-BACK")]
        assert (saga.cases, saga.events[-1]) == (["payout_returned"], "payout.returned")


async def test_a_bounce_the_bank_tells_is_booked_at_once(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, **to_bank(wait_scale=1.0)) as saga:
        await saga.start()
        await saga.reaches("paid")
        await saga.says(BOUNCED)
        assert await saga.ends() == "returned"


async def test_a_bounce_of_another_amount_is_for_people(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, **to_bank(wait_scale=1.0)) as saga:
        await saga.start()
        await saga.reaches("paid")
        await saga.says(replace(BOUNCED, amount=Money(1, "KES")))
        await saga.sagas.cased.wait()
        assert (saga.cases, returned(saga)) == (["contradiction"], [])


async def test_what_came_back_under_a_receipt_that_is_booked_already_is_for_people_once(
    temporal: WorkflowEnvironment,
) -> None:
    async with a_payout(temporal.client, **to_bank()) as saga:
        saga.sagas.taken = "payout_returned"
        saga.bank.told = [PAID, PAID, BOUNCED]
        await saga.start()
        assert await saga.ends() == "paid"
        assert (saga.cases, returned(saga)) == (["contradiction"], [])


@pytest.mark.parametrize(("named", "claimed"), [("FT-NOTE", "FT-NOTE"), ("pt-1", None)])
async def test_a_bounce_without_a_receipt_claims_what_the_bank_calls_it_but_not_what_it_left_under(
    temporal: WorkflowEnvironment, named: str, claimed: str | None
) -> None:
    async with a_payout(temporal.client, **to_bank(wait_scale=1.0)) as saga:
        await saga.start()
        await saga.reaches("paid")
        await saga.says(replace(BOUNCED, receipt=None, provider_reference=named))
        assert await saga.ends() == "returned"
        assert returned(saga) == [("returned", claimed)]


async def test_the_fee_comes_back_where_the_policy_says_so(temporal: WorkflowEnvironment) -> None:
    async with a_payout(temporal.client, **to_bank(returns_fee=True)) as saga:
        saga.bank.told = [PAID, BOUNCED]
        await saga.start()
        assert await saga.ends() == "returned"
        posting = saga.sagas.written[-1].posting
        assert posting is not None
        assert posting.kind == "payout_returned"
        assert posting.fee == saga.order.fee
