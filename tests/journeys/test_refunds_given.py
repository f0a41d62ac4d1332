"""Refunds through everything that runs: the demo's own story, told by API, ledger and gateway."""

from cli.demo import refund
from cli.demo.client import DemoClient


async def test_payments_are_given_back_whole_and_in_parts(shop: DemoClient) -> None:
    back = await refund.play(shop, lambda _line: None)
    assert back.finding.holds, back.finding.detail
    timeline = (await shop.get(f"/v1/refunds/{back.whole['id']}/timeline"))["data"]
    told = [item["type"] for item in timeline if item["kind"] == "event"]
    assert told == ["refund.created", "refund.succeeded"]
    booked = [item for item in timeline if item["kind"] == "entry"]
    assert len(booked) == 2
