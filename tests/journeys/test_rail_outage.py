"""MTN is down and comes back: seen, said, waited for, and nobody pays twice."""

from functools import partial
from typing import Any

import httpx

from cli.demo import outage
from cli.demo.client import DemoClient
from cli.demo.vault.told import until
from cli.stack.stack import Stack


async def told(shop: DemoClient, kind: str) -> dict[str, Any] | None:
    events = await shop.get(f"/v1/events?type={kind}")
    return events if events["data"] else None


async def test_an_outage_is_noticed_another_method_offered_and_the_queue_drained_once(
    stack: Stack, shop: DemoClient
) -> None:
    types = ["provider.outage", "provider.recovered"]
    hook = {"url": f"{stack.urls.simulators}/merchant/hooks/outage", "event_types": types}
    await shop.post("/v1/webhook_endpoints", hook)
    played = await outage.play(shop, print)
    assert played.finding.holds, played
    assert "orange" in played.alternatives
    assert set(played.met) <= {"succeeded", "requires_payment_method"}
    for kind in types:
        events = await until(partial(told, shop, kind))
        assert events["data"][0]["data"]["object"]["id"] == "momo"
    async with httpx.AsyncClient() as anybody:
        page = await anybody.get(f"{stack.urls.api}/status")
    assert "MTN MoMo" in page.text
