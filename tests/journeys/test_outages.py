"""Our own processes come and go; payments do not notice more than time."""

import asyncio
from typing import Any

from cli.demo.client import DemoClient
from cli.stack.stack import Stack
from models.ids import uuid7
from tests.journeys.conftest import settled


def pay_in(phone: str = "+237670000000", method: str = "momo") -> dict[str, Any]:
    amount, currency = (2_500, "XAF") if method == "momo" else (150_000, "KES")
    return {
        "amount": amount,
        "currency": currency,
        "reference": f"journey-{uuid7().hex}",
        "confirm": {"method": method, "payer": {"phone": phone}},
    }


async def test_a_pay_in_is_accepted_while_temporal_is_down_and_paid_when_it_is_back(
    stack: Stack, shop: DemoClient
) -> None:
    await asyncio.to_thread(stack.kill, "temporal")
    accepted = await shop.post("/v1/checkouts", pay_in())
    assert accepted["payment"]["status"] == "processing"
    await asyncio.to_thread(stack.restart, "temporal")
    assert await settled(shop, accepted["payment"]["id"], "succeeded") == "succeeded"


async def test_a_callback_that_comes_while_temporal_is_down_is_not_lost(
    stack: Stack, shop: DemoClient
) -> None:
    await shop.control("momo/settings", {"approve_after_seconds": 2.0})
    try:
        accepted = await shop.post("/v1/checkouts", pay_in())
        await settled(shop, accepted["payment"]["id"], "requires_action")
        await asyncio.to_thread(stack.kill, "temporal")
        await asyncio.sleep(3.0)
        await asyncio.to_thread(stack.restart, "temporal")
        status = await settled(shop, accepted["payment"]["id"], "succeeded")
    finally:
        await shop.control("momo/settings", {"approve_after_seconds": 0.3})
    assert status == "succeeded"


async def test_stopping_a_worker_in_the_middle_of_provider_calls_makes_no_unknown(
    stack: Stack, shop: DemoClient
) -> None:
    await shop.control("momo/settings", {"answer_after_seconds": 2.0, "approve_after_seconds": 4.0})
    try:
        paid = [await shop.post("/v1/checkouts", pay_in()) for _ in range(8)]
        await asyncio.sleep(1.0)
        await asyncio.to_thread(stack.restart, "worker")
        for one in paid:
            await settled(shop, one["payment"]["id"], "succeeded")
    finally:
        await shop.control(
            "momo/settings", {"answer_after_seconds": 0.0, "approve_after_seconds": 0.3}
        )
    for one in paid:
        events = await shop.get(f"/v1/events?object={one['payment']['id']}")
        types = {event["type"] for event in events["data"]}
        assert "payment.outcome_unknown" not in types


async def test_a_worker_killed_after_the_call_left_asks_and_pays_once(
    stack: Stack, shop: DemoClient
) -> None:
    await shop.control("momo/settings", {"answer_after_seconds": 1.5, "approve_after_seconds": 3.0})
    try:
        paid = await shop.post("/v1/checkouts", pay_in())
        await asyncio.sleep(0.8)
        await asyncio.to_thread(stack.kill, "worker")
        await asyncio.to_thread(stack.restart, "worker")
        await settled(shop, paid["payment"]["id"], "succeeded")
    finally:
        await shop.control(
            "momo/settings", {"answer_after_seconds": 0.0, "approve_after_seconds": 0.3}
        )
    payment = await shop.get(f"/v1/payments/{paid['payment']['id']}")
    book = await shop.control("momo/book")
    receipts = [d["receipt"] for d in book["debits"] if d["receipt"] == _receipt(payment)]
    assert len(receipts) == 1


def _receipt(payment: dict[str, Any]) -> str:
    return str(payment["latest_attempt"]["receipt"])
