"""Orange Money through everything that runs: a page, a notification, booked once."""

from typing import Any

import httpx

from cli.demo.client import DemoClient
from models.ids import uuid7
from tests.journeys.conftest import settled


def pay_in(amount: int) -> dict[str, Any]:
    return {
        "amount": amount,
        "currency": "XAF",
        "reference": f"journey-{uuid7().hex}",
        "confirm": {"method": "orange", "payer": {"phone": "+237690000001"}},
    }


async def debits(shop: DemoClient, payment: dict[str, Any]) -> list[int]:
    """What Orange took for this payment."""
    reference = payment["latest_attempt"]["our_reference"]
    book = await shop.control("orange/book")
    return [one["amount_minor"] for one in book["debits"] if one["our_reference"] == reference]


async def test_a_payer_is_sent_to_oranges_page_and_the_payment_is_booked_once(
    shop: DemoClient,
) -> None:
    await shop.control("orange/settings", {"payer_opens_page": True})
    try:
        accepted = await shop.post("/v1/checkouts?wait=20", pay_in(12_000))
    finally:
        await shop.control("orange/settings", {"payer_opens_page": False})
    payment = accepted["payment"]
    assert payment["next_action"]["type"] == "redirect"
    async with httpx.AsyncClient() as browser:
        page = await browser.get(payment["next_action"]["url"])
    assert "XAF 12000" in page.text
    assert await settled(shop, payment["id"], "succeeded") == "succeeded"
    ended = await shop.get(f"/v1/payments/{payment['id']}")
    lines = (await shop.get(f"/v1/payments/{payment['id']}/timeline"))["data"]
    assert ended["next_action"] is None
    assert await debits(shop, ended) == [12_000]
    assert "callback" in {line["source"] for line in lines if line.get("source")}


async def test_a_refusal_on_oranges_page_lets_the_payer_try_again(shop: DemoClient) -> None:
    payment = (await shop.post("/v1/checkouts", pay_in(700_001)))["payment"]
    status = await settled(shop, payment["id"], "requires_payment_method")
    ended = await shop.get(f"/v1/payments/{payment['id']}")
    assert status == "requires_payment_method"
    assert ended["latest_attempt"]["reason"] == "declined"
    assert await debits(shop, ended) == []
