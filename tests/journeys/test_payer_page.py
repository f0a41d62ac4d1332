"""The payer's page in real Chromium before everything that runs: rung, redirected, receipted."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
from playwright.async_api import Browser

from cli.demo.client import DemoClient
from cli.stack.stack import Stack
from models.ids import uuid7
from models.return_address import is_ours
from tests.api import chromium
from tests.api.chromium import phone
from tests.journeys.conftest import settled

pytestmark = pytest.mark.skipif(not chromium.there(), reason=chromium.MISSING)


def session(amount: int, currency: str) -> dict[str, Any]:
    return {
        "amount": amount,
        "currency": currency,
        "reference": f"page-{uuid7().hex}",
        "success_url": "https://shop.example/thanks?basket=7",
    }


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium.opened() as opened:
        yield opened


async def test_a_payer_is_rung_pays_and_goes_back_with_a_signed_result(
    stack: Stack, shop: DemoClient, browser: Browser
) -> None:
    made = await shop.post("/v1/checkouts", session(150_000, "KES"))
    secret = (await shop.get("/v1/profile/return_secret"))["secret"]
    async with phone(browser, stack.urls.api) as shown:
        await shown.open(made["url"])
        await shown.page.get_by_label("Your phone number").fill("0700 000 000")
        await shown.page.locator("#method-mpesa:checked").wait_for(state="attached")
        await shown.page.get_by_label("Also send my receipt by text message").check()
        await shown.page.get_by_role("button", name="Pay KES 1,500.00").click()
        await shown.heading("Paid")
        back = await shown.page.get_by_role("link", name="Back to Duka").get_attribute("href")
        await shown.page.get_by_role("link", name="See your receipt").click()
        told = await shown.page.locator("dl").inner_text()
        assert shown.complaints == []
    paid = await shop.get(f"/v1/payments/{made['payment']['id']}")
    assert paid["status"] == "succeeded"
    assert paid["latest_attempt"]["receipt"] in told
    assert back is not None
    assert "kauri_status=succeeded" in back
    assert is_ours(back, secret)
    assert await letter(stack, paid["id"]) == ("payment_receipt", "sms")


async def letter(stack: Stack, about: str) -> tuple[str, str]:
    """What the payer was told about the payment, once the worker has looked."""
    async with asyncio.timeout(30):
        while True:
            with psycopg.connect(stack.urls.database_admin) as connection:
                told = connection.execute(
                    "select event, channel from messages where about = %s", [about]
                ).fetchone()
            if told is not None:
                return str(told[0]), str(told[1])
            await asyncio.sleep(0.2)


async def test_a_payer_goes_to_waves_page_and_comes_back_to_a_paid_one(
    stack: Stack, shop: DemoClient, browser: Browser
) -> None:
    made = await shop.post("/v1/checkouts", session(25_000, "XOF"))
    await shop.control("wave/settings", {"payer_opens_page": True})
    try:
        async with phone(browser, stack.urls.api) as shown:
            await shown.open(made["url"])
            await shown.page.get_by_label("Your phone number").fill("+221770000000")
            await shown.page.get_by_label("Wave").check()
            await shown.page.get_by_role("button", name="Pay XOF 25,000").click()
            await shown.page.get_by_text("XOF 25000").wait_for()  # Wave's own page
            await shown.open(made["url"])
            await shown.heading("Paid")
    finally:
        await shop.control("wave/settings", {"payer_opens_page": False})
    assert await settled(shop, made["payment"]["id"], "succeeded") == "succeeded"
