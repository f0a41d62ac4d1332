"""The simulated Fineract misbehaves on request: lost answers, kept failures, slow commits, down."""

import asyncio

import httpx
import pytest
import pytest_asyncio

from tests.simulators.lenders import Lender, a_lender
from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def lender(world: World) -> Lender:
    return await a_lender(world)


async def test_a_lost_answer_is_booked_and_found_again_under_its_key(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.order("faults", fault="lost_answer", operation="disburse", account=key)
    with pytest.raises(httpx.TransportError):
        await lender.disburse(key, key="k", externalId="ext")
    again = await lender.disburse(key, key="k", externalId="ext")
    assert again.headers["x-served-from-cache"] == "true"
    assert again.json()["subResourceExternalId"] == "ext"
    assert await lender.times(key) == 1


@pytest.mark.parametrize("fault", ["not_received", "spike_arrest", "misconfigured"])
async def test_what_was_never_taken_is_not_kept(lender: Lender, fault: str) -> None:
    key = await lender.new_loan()
    await lender.order("faults", fault=fault, account=key)
    try:
        spoiled = (await lender.disburse(key, key="k")).status_code
    except httpx.TransportError:
        spoiled = 0
    assert spoiled in {0, 403, 503}
    assert await lender.times(key) == 0
    assert (await lender.disburse(key, key="k")).status_code == 200


async def test_a_failure_inside_is_kept_though_nothing_was_booked(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.order("faults", fault="stored_failure", account=key)
    assert (await lender.disburse(key, key="k")).status_code == 500
    assert (await lender.disburse(key, key="k")).headers["x-served-from-cache"] == "true"
    assert await lender.times(key) == 0
    assert (await lender.disburse(key, key="k2")).status_code == 200


async def test_a_slow_commit_is_425_until_it_is_there(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.order("settings", late_after_seconds=8)
    await lender.order("faults", fault="slow_commit", account=key)
    with pytest.raises(httpx.TransportError):
        await lender.disburse(key, key="k")
    assert (await lender.disburse(key, key="k")).status_code == 425
    async with asyncio.timeout(30):
        while await lender.times(key) == 0:
            pass
    assert (await lender.disburse(key, key="k")).headers["x-served-from-cache"] == "true"


async def test_a_fault_waits_for_its_own_loan(lender: Lender) -> None:
    mine, other = await lender.new_loans(count=2)
    await lender.order("faults", fault="error_after_accept", operation="disburse", account=mine)
    assert (await lender.disburse(other)).status_code == 200
    assert (await lender.disburse(mine)).status_code == 500
    assert (await lender.times(mine), await lender.times(other)) == (1, 1)


async def test_a_question_can_be_spoiled_too(lender: Lender) -> None:
    key = await lender.new_loan()
    await lender.order("faults", fault="html_error_page", operation="read")
    assert (await lender.get(f"/loans/{key}")).status_code == 502
    assert (await lender.get(f"/loans/{key}")).status_code == 200


async def test_a_server_that_is_down_answers_503_to_everything(lender: Lender) -> None:
    await lender.order("down", down=True)
    assert (await lender.get("/loanproducts")).status_code == 503
    await lender.order("down", down=False)
    assert (await lender.get("/loanproducts")).status_code == 200
