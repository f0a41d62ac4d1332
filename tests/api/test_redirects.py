"""Payers who pay on the provider's page: the address is in the answer as soon as it is known."""

import asyncio
import time
from typing import Any

from models import ids
from tests.api.conftest import MPESA_CONFIRM

PAGE = "https://pay.example/c/1"
TOLD = {"type": "redirect", "url": PAGE}


def opens(world: Any, checkout: dict[str, Any], page: str = PAGE) -> None:
    """What the worker writes when the provider names its page."""
    world.attempt_ends(checkout, "awaiting_customer", "requires_action")
    payment = ids.parsed(ids.PAYMENT, checkout["payment"]["id"])
    world.sql("update attempts set redirect_url = %s where payment_id = %s", page, payment)


async def test_the_page_is_told_until_the_attempt_ends(world: Any) -> None:
    checkout = await world.created(confirm=MPESA_CONFIRM)
    assert checkout["payment"]["next_action"] is None
    opens(world, checkout)
    path = f"/v1/checkouts/{checkout['id']}"
    assert (await world.http.get(path)).json()["payment"]["next_action"] == TOLD
    world.attempt_ends(checkout, "failed", "requires_payment_method")
    assert (await world.http.get(path)).json()["payment"]["next_action"] is None


async def test_a_confirmation_waits_for_the_page_and_no_longer(world: Any) -> None:
    checkout = await world.created()

    async def provider_answers() -> None:
        while not world.count("attempts"):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.01)
        opens(world, checkout)

    answering = asyncio.create_task(provider_answers())
    began = time.monotonic()
    answer = await world.http.post(
        f"/v1/checkouts/{checkout['id']}/confirm?wait=25",
        json=MPESA_CONFIRM,
        headers={"idempotency-key": ids.mint("idem")},
    )
    await answering
    assert answer.json()["payment"]["next_action"] == TOLD
    assert time.monotonic() - began < 24


async def test_a_provider_is_told_where_to_send_the_payer_back(world: Any) -> None:
    urls = {"success_url": "https://shop.example/ok", "cancel_url": "https://shop.example/no"}
    await world.created(confirm=MPESA_CONFIRM, **urls)
    await world.dispatcher.drain()
    charge = world.dispatcher.started[-1].order.first.charge
    assert (charge.success_url, charge.cancel_url) == tuple(urls.values())
