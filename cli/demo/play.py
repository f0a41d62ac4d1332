"""Play one scenario to its end and say what became of it."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from cli.demo.client import DemoClient
from cli.demo.scenarios import Scenario
from models.ids import uuid7

_DEADLINE = 90.0
_DOWN_SECONDS = 1.5
_SETTLED = {"succeeded", "canceled"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How one checkout ended. `path`: the statuses it went through."""

    scenario: Scenario
    checkout_id: str
    payment_id: str
    status: str
    checkout: str
    path: tuple[str, ...]
    case: str
    seconds: float

    @property
    def as_expected(self) -> bool:
        """True when session, payment and case ended as the scenario says."""
        asked = self.scenario
        return (self.status, self.checkout, self.case) == (asked.status, asked.checkout, asked.late)


async def play(client: DemoClient, scenario: Scenario) -> Ended:
    """Run one checkout. Raises TimeoutError when it does not end."""
    began = time.monotonic()
    async with asyncio.timeout(_DEADLINE):
        checkout = await _create(client, scenario)
        payment = await _carried(client, scenario, checkout)
        case = await _late_case(client, scenario, payment["id"]) if scenario.late else ""
        ended = await client.get(f"/v1/checkouts/{checkout['id']}")
        path = await _path(client, payment["id"])
    return Ended(
        scenario=scenario,
        checkout_id=checkout["id"],
        payment_id=payment["id"],
        status=payment["status"],
        checkout=ended["status"],
        path=path,
        case=case,
        seconds=time.monotonic() - began,
    )


async def play_while_down(client: DemoClient, scenario: Scenario) -> Ended:
    """The provider is down when the checkout is confirmed, and back a moment later."""
    name = {"mpesa": "daraja", "momo": "momo"}[scenario.provider]
    await client.control(f"{name}/down", {"down": True, "how": scenario.down})
    playing = asyncio.create_task(play(client, scenario))
    await asyncio.sleep(_DOWN_SECONDS)
    await client.control(f"{name}/down", {"down": False})
    return await playing


async def _create(client: DemoClient, scenario: Scenario) -> dict[str, Any]:
    return await client.post(
        "/v1/checkouts",
        {
            "amount": scenario.amount,
            "currency": scenario.currency,
            "reference": f"demo-{uuid7().hex[-12:]}",
            "description": scenario.title,
            "success_url": "https://shop.example/thanks",
            "cancel_url": "https://shop.example/basket",
            "confirm": {"method": scenario.provider, "payer": {"phone": scenario.phone()}},
        },
    )


async def _carried(
    client: DemoClient, scenario: Scenario, checkout: dict[str, Any]
) -> dict[str, Any]:
    """Follow the payment; do what payer, merchant and operators do in this scenario."""
    payment_id, retried, canceled, resolved = checkout["payment"]["id"], False, False, False
    while True:
        payment = await client.get(f"/v1/payments/{payment_id}")
        if payment["status"] in _SETTLED:
            return payment
        if payment["status"] == "requires_payment_method" and scenario.retry_suffix and not retried:
            retried = True
            await _retry(client, scenario, checkout["id"])
        elif payment["status"] == "requires_payment_method" and scenario.cancels and not canceled:
            canceled = True
            await client.post(f"/v1/checkouts/{checkout['id']}/cancel")
        elif payment["needs_review"] and scenario.accepts and not resolved:
            resolved = True
            await _accept(client, payment_id)
        await asyncio.sleep(0.3)


async def _retry(client: DemoClient, scenario: Scenario, checkout_id: str) -> None:
    phone = scenario.phone(scenario.retry_suffix)
    body = {"method": scenario.provider, "payer": {"phone": phone}}
    await client.post(f"/v1/checkouts/{checkout_id}/confirm", body)


async def _accept(client: DemoClient, payment_id: str) -> None:
    body = {
        "outcome": "succeeded",
        "reason": "the merchant takes what came",
        "evidence": "callback and status agree",
    }
    await client.operate("POST", f"/v1/operator/payments/{payment_id}/resolve", body)


async def _late_case(client: DemoClient, scenario: Scenario, payment_id: str) -> str:
    """Wait for the case late money opens; two operators give the money to the merchant."""
    found = await _until(lambda: _case_of(client, payment_id))
    body = {"decision": "accept", "reason": f"{scenario.title}: the order still stands"}
    await client.operate("POST", f"/v1/operator/cases/{found['id']}/decide", body)
    return str(found["kind"])


async def _case_of(client: DemoClient, payment_id: str) -> dict[str, Any] | None:
    cases = await client.operate("GET", "/v1/operator/cases?state=open")
    return next((case for case in cases["data"] if case["payment"] == payment_id), None)


async def _until(look: Callable[[], Awaitable[dict[str, Any] | None]]) -> dict[str, Any]:
    while True:
        found = await look()
        if found is not None:
            return found
        await asyncio.sleep(0.3)


async def _path(client: DemoClient, payment_id: str) -> tuple[str, ...]:
    """The statuses the payment went through, from its own events."""
    events = await client.get(f"/v1/events?object={payment_id}&limit=100")
    statuses = [str(event["data"]["object"]["status"]) for event in reversed(events["data"])]
    return tuple(status for status, _same in itertools.groupby(statuses))
