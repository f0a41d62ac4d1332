"""Cards through everything that runs: a page, notifications with a secret, booked once."""

from typing import Any

import httpx
import pytest

from cli.demo.client import DemoClient
from models.ids import uuid7
from tests.journeys.conftest import settled


def pay_in(suffix: int = 0) -> dict[str, Any]:
    return {
        "amount": (700_000 + suffix) * 100,
        "currency": "KES",
        "reference": f"journey-{uuid7().hex}",
        "success_url": "https://shop.example/ok",
        "confirm": {"method": "cards", "payer": {"phone": "+254712000111"}},
    }


async def debits(shop: DemoClient, payment: dict[str, Any]) -> list[int]:
    """What the payer's card was debited for this payment."""
    ended = await shop.get(f"/v1/payments/{payment['id']}")
    reference = ended["latest_attempt"]["our_reference"]
    book = await shop.control("cards/book")
    return [one["amount_minor"] for one in book["debits"] if one["our_reference"] == reference]


async def test_a_payer_declined_once_pays_on_the_same_page_and_is_booked_once(
    shop: DemoClient,
) -> None:
    payment = (await shop.post("/v1/checkouts?wait=20", pay_in(9)))["payment"]
    assert (payment["status"], payment["next_action"]["type"]) == ("requires_action", "redirect")
    url = payment["next_action"]["url"]
    async with httpx.AsyncClient() as browser:
        page = await browser.get(url)
        await browser.post(f"{url}/decline")
        still = await shop.get(f"/v1/payments/{payment['id']}")
        approved = await browser.post(f"{url}/approve")
    assert "KES 700009.00" in page.text
    assert (still["final"], still["next_action"]["url"]) == (False, url)
    assert approved.headers["location"].startswith("https://shop.example/ok?resultIndicator=")
    assert await settled(shop, payment["id"], "succeeded") == "succeeded"
    assert await debits(shop, payment) == [70_000_900]


async def test_a_notification_to_the_one_address_reaches_its_payment(shop: DemoClient) -> None:
    payment = (await shop.post("/v1/checkouts", pay_in()))["payment"]
    assert await settled(shop, payment["id"], "succeeded") == "succeeded"
    lines = (await shop.get(f"/v1/payments/{payment['id']}/timeline"))["data"]
    assert "callback" in {line["source"] for line in lines if line.get("source")}


@pytest.mark.parametrize("suffix", [20, 21], ids=["lost answer", "not received"])
async def test_what_was_not_answered_is_paid_once(shop: DemoClient, suffix: int) -> None:
    payment = (await shop.post("/v1/checkouts", pay_in(suffix)))["payment"]
    assert await settled(shop, payment["id"], "succeeded") == "succeeded"
    assert await debits(shop, payment) == [(700_000 + suffix) * 100]
