"""Payers who pay on the provider's page: the address is in the answer as soon as it is known."""

import asyncio
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
    path = f"/v1/checkouts/{checkout['id']}/confirm?wait=25"
    headers = {"idempotency-key": ids.mint("idem")}
    asking = asyncio.create_task(world.http.post(path, json=MPESA_CONFIRM, headers=headers))
    async with asyncio.timeout(20):
        while not world.count("attempts"):
            await asyncio.sleep(0.02)
        opens(world, checkout)
        answered = (await asking).json()
    assert answered["payment"]["status"] == "requires_action"
    assert answered["payment"]["next_action"] == TOLD


async def test_a_provider_is_told_where_to_send_the_payer_back(world: Any) -> None:
    urls = {"success_url": "https://shop.example/ok", "cancel_url": "https://shop.example/no"}
    await world.created(confirm=MPESA_CONFIRM, **urls)
    await world.dispatcher.drain()
    charge = world.dispatcher.started[-1].order.first.charge
    assert (charge.success_url, charge.cancel_url) == tuple(urls.values())
