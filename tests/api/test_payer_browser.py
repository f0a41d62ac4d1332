"""The payer's page in real Chromium: with and without JavaScript, in three languages."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser

from tests.api import chromium
from tests.api.chromium import phone
from tests.api.page_world import moved, settle

pytestmark = pytest.mark.skipif(not chromium.there(), reason=chromium.MISSING)

PROFILE = {"name": "Duka la Amina", "complaint_phone": "+254 711 000 111"}
RUNG = {"method": "mpesa", "payer": {"phone": "+254712000001"}}
BAG = {"description": "Two bags of maize", "success_url": "https://shop.example/thanks"}


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with chromium.opened() as opened:
        yield opened


@pytest.fixture
async def base(world: Any) -> AsyncIterator[str]:
    await world.http.put("/v1/profile", json=PROFILE)
    async with chromium.served(world.app) as address:
        yield address


async def test_a_payer_types_a_number_and_the_page_follows_the_payment(
    world: Any, base: str, browser: Browser
) -> None:
    made = await world.created(**BAG)
    async with phone(browser, base) as shown:
        await shown.open(made["url"])
        await shown.shot("choose")
        await shown.page.get_by_label("Your phone number").fill("0712000001")
        await shown.page.locator("#method-mpesa:checked").wait_for(state="attached")
        await shown.page.get_by_role("button", name="Pay KES 1,250.00").click()
        await shown.heading("Check your phone")
        await shown.shot("waiting")
        moved(world, made, "unknown", "unknown")
        await shown.heading("Do not pay again")
        await shown.shot("unknown")
        assert await shown.page.locator("button").count() == 0
        settle(world, made)
        await shown.heading("Paid")
        await shown.shot("paid")
        assert await shown.page.locator("#news").inner_text() == "Paid"
        await shown.page.get_by_role("link", name="See your receipt").click()
        await shown.heading("Receipt 000001")
        await shown.shot("receipt")
        assert shown.complaints == []
        assert {url for url in shown.asked if not url.startswith(base)} == set()


async def test_a_network_that_carries_no_stream_is_asked_again_and_again(
    world: Any, base: str, browser: Browser
) -> None:
    made = await world.created(**BAG, confirm=RUNG)
    async with phone(browser, base) as shown:
        await shown.page.route("**/stream", lambda route: route.abort())
        await shown.open(made["url"])
        await shown.heading("Check your phone")
        settle(world, made)
        await shown.heading("Paid")
        assert any(url.endswith("/status") for url in shown.asked)


async def test_a_phone_without_javascript_pays_in_french(
    world: Any, base: str, browser: Browser
) -> None:
    made = await world.created(**BAG)
    async with phone(browser, base, java_script_enabled=False, locale="fr-FR") as shown:
        await shown.open(made["url"])
        assert await shown.page.locator("html").get_attribute("lang") == "fr"
        await shown.page.get_by_label("Votre numéro de téléphone").fill("0712 000 001")
        await shown.page.get_by_role("button", name="Payer").click()
        await shown.heading("Regardez votre téléphone")
        await shown.shot("waiting-french")
        settle(world, made)
        await shown.page.get_by_role("link", name="Regarder à nouveau").click()
        await shown.heading("Payé")
        await shown.page.get_by_role("link", name="Kiswahili").click()
        await shown.heading("Imelipwa")
        await shown.page.get_by_role("link", name="Ona risiti yako").click()
        await shown.heading("Risiti 000001")
        await shown.shot("receipt-swahili")
        assert shown.complaints == []


async def test_a_provider_with_a_page_of_its_own_is_gone_to_once(
    world: Any, base: str, browser: Browser
) -> None:
    made = await world.created(**BAG)
    async with phone(browser, base) as shown:
        await shown.page.route("https://pay.example/**", _a_page)
        await shown.open(made["url"])
        await shown.page.get_by_label("Your phone number").fill("0712000001")
        await shown.page.get_by_role("button", name="Pay").click()
        await shown.heading("Check your phone")
        url = "https://pay.example/c/1"
        moved(world, made, "awaiting_customer", "requires_action", redirect_url=url)
        await shown.page.wait_for_url(url)
        await shown.open(made["url"])  # the payer comes back without having paid
        await shown.heading("Go on at M-Pesa")
        await shown.shot("leave")
        assert "pay.example" not in shown.page.url


async def _a_page(route: Any) -> None:
    await route.fulfill(body="<h1>Their page</h1>", content_type="text/html")


async def test_what_is_wrong_is_shown_and_a_failure_offers_another_try(
    world: Any, base: str, browser: Browser
) -> None:
    made = await world.created(**BAG)
    async with phone(browser, base) as shown:
        await shown.open(made["url"])
        await shown.page.get_by_label("Your phone number").fill("12")
        await shown.page.get_by_role("button", name="Pay").click()
        await shown.page.get_by_role("link", name="This is not a phone number").click()
        assert await shown.page.locator("#phone:focus").count() == 1
        await shown.shot("wrong")
        await shown.page.get_by_label("Your phone number").fill("0712000001")
        await shown.page.get_by_role("button", name="Pay").click()
        await shown.heading("Check your phone")
        moved(world, made, "failed", "requires_payment_method", reason="insufficient_funds")
        await shown.heading("Try again")
        await shown.shot("failed")
        assert await shown.page.get_by_role("button", name="Pay").is_enabled()


async def test_a_link_is_used_and_its_session_paid(world: Any, base: str, browser: Browser) -> None:
    body = {"currency": "KES", "reference": "gift", "description": "For the school"}
    headers = {"idempotency-key": "k1"}
    link = (await world.http.post("/v1/payment_links", json=body, headers=headers)).json()
    async with phone(browser, base) as shown:
        await shown.open(link["url"])
        await shown.shot("link")
        await shown.page.get_by_label("Amount in KES").fill("250")
        await shown.page.get_by_role("button", name="Go on").click()
        await shown.heading("Your payment")
        assert "KES 250.00" in (await shown.page.locator("main").inner_text()).replace("\xa0", " ")


async def test_the_whole_page_without_cache_is_small_and_everything_is_ours(
    world: Any, base: str, browser: Browser
) -> None:
    made = await world.created(**BAG)
    async with phone(browser, base) as shown:
        sizes: list[int] = []

        async def weighed(answer: Any) -> None:
            told = await answer.request.sizes()
            sizes.append(told["responseBodySize"] + told["responseHeadersSize"])

        shown.page.on("response", weighed)
        await shown.open(made["url"])
        await shown.page.wait_for_load_state("networkidle")
        assert len(sizes) >= 3
        assert sum(sizes) < 60_000
        assert {url for url in shown.asked if not url.startswith(base)} == set()


async def test_everything_can_be_reached_and_read_by_everybody(
    world: Any, base: str, browser: Browser
) -> None:
    made = await world.created(**BAG)
    async with phone(browser, base) as shown:
        await shown.open(made["url"])
        reached = []
        for _ in range(12):
            await shown.page.keyboard.press("Tab")
            reached.append(await shown.page.evaluate("document.activeElement.id"))
        told = await shown.page.evaluate(_AUDIT)
        assert [one for one in reached if one] == ["phone", "method-mpesa", "email", "sms"]
        assert told == {"unlabelled": [], "small": [], "tabindex": 0, "wide": False, "h1": 1}


_AUDIT = """() => {
  const inputs = [...document.querySelectorAll('input:not([type=hidden])')];
  const targets = [...document.querySelectorAll('button, .button, summary, nav a, .choice label')];
  return {
    unlabelled: inputs.filter(one => !one.labels.length).map(one => one.name),
    small: targets.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML),
    tabindex: document.querySelectorAll('[tabindex]').length,
    wide: document.documentElement.scrollWidth > window.innerWidth,
    h1: document.querySelectorAll('h1').length,
  };
}"""
