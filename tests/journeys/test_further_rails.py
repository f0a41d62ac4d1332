"""Wave and Airtel Money through everything that runs: accepted, asked, called back, booked once."""

from typing import Any

import httpx
import pytest

from cli.demo.client import DemoClient
from models.ids import uuid7
from tests.journeys.conftest import settled

RAILS = {"wave": ("+221770000000", 25_000, "XOF"), "airtel": ("+256700000000", 5_000, "UGX")}


def pay_in(method: str, suffix: str = "00") -> dict[str, Any]:
    phone, amount, currency = RAILS[method]
    return {
        "amount": amount,
        "currency": currency,
        "reference": f"journey-{uuid7().hex}",
        "confirm": {"method": method, "payer": {"phone": phone[:-2] + suffix}},
    }


async def told_by(shop: DemoClient, payment: dict[str, Any]) -> set[str]:
    """Where evidence about the payment came from."""
    lines = (await shop.get(f"/v1/payments/{payment['id']}/timeline"))["data"]
    return {line["source"] for line in lines if line.get("source")}


async def debits(shop: DemoClient, method: str, payment: dict[str, Any]) -> list[int]:
    """What the provider took for this payment."""
    reference = payment["latest_attempt"]["our_reference"]
    book = await shop.control(f"{method}/book")
    return [one["amount_minor"] for one in book["debits"] if one["our_reference"] == reference]


async def test_every_rail_is_offered(shop: DemoClient) -> None:
    offered = (await shop.get("/v1/providers"))["data"]
    shown = {one["id"]: (one["countries"], one["limits"][0]["currency"]) for one in offered}
    assert shown["wave"] == (["SN"], "XOF")
    assert shown["airtel"] == (["UG"], "UGX")


async def test_a_payer_is_sent_to_waves_page_and_the_payment_is_booked_once(
    shop: DemoClient,
) -> None:
    await shop.control("wave/settings", {"payer_opens_page": True})
    try:
        accepted = await shop.post("/v1/checkouts?wait=20", pay_in("wave"))
    finally:
        await shop.control("wave/settings", {"payer_opens_page": False})
    payment = accepted["payment"]
    assert payment["status"] == "requires_action"
    assert payment["next_action"]["type"] == "redirect"
    async with httpx.AsyncClient() as browser:
        page = await browser.get(payment["next_action"]["url"])
    assert "XOF 25000" in page.text
    assert await settled(shop, payment["id"], "succeeded") == "succeeded"
    ended = await shop.get(f"/v1/payments/{payment['id']}")
    assert ended["next_action"] is None
    assert await debits(shop, "wave", ended) == [25_000]


@pytest.mark.parametrize("method", list(RAILS))
async def test_a_lost_answer_is_asked_for_and_paid_once(shop: DemoClient, method: str) -> None:
    accepted = await shop.post("/v1/checkouts", pay_in(method, "20"))
    payment = accepted["payment"]
    assert await settled(shop, payment["id"], "succeeded") == "succeeded"
    ended = await shop.get(f"/v1/payments/{payment['id']}")
    assert await debits(shop, method, ended) == [RAILS[method][1]]


@pytest.mark.parametrize("method", list(RAILS))
async def test_a_callback_to_the_one_address_reaches_its_payment(
    shop: DemoClient, method: str
) -> None:
    payment = (await shop.post("/v1/checkouts", pay_in(method)))["payment"]
    assert await settled(shop, payment["id"], "succeeded") == "succeeded"
    assert "callback" in await told_by(shop, payment)


@pytest.mark.parametrize("method", list(RAILS))
async def test_a_refusal_lets_the_payer_try_again(shop: DemoClient, method: str) -> None:
    payment = (await shop.post("/v1/checkouts", pay_in(method, "03")))["payment"]
    status = await settled(shop, payment["id"], "requires_payment_method")
    ended = await shop.get(f"/v1/payments/{payment['id']}")
    assert status == "requires_payment_method"
    assert ended["latest_attempt"]["reason"] == "insufficient_funds"
    assert await debits(shop, method, ended) == []
