"""The demo merchant verifies Standard Webhooks signatures and answers as told."""

import base64
import json
from datetime import UTC, datetime

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

OLD = "whsec_" + base64.b64encode(b"old-secret-of-the-demo-merchant").decode()
NEW = "whsec_" + base64.b64encode(b"new-secret-of-the-demo-merchant").decode()


async def _deliver(world: World, secret: str, *, name: str = "evt_1") -> httpx.Response:
    event = {
        "type": "payment.succeeded",
        "data": {"object": {"id": "pay_1"}, "sequence": 3},
    }
    body, now = json.dumps(event), datetime.now(UTC)
    headers = {
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(name, now, body),
    }
    return await world.http.post("/merchant/hooks/demo", content=body, headers=headers)


async def _received(world: World) -> list[dict[str, object]]:
    lines: list[dict[str, object]] = (await world.http.get("/control/merchant/received")).json()
    return lines


async def test_a_signed_delivery_is_verified_and_listed_in_order(world: World) -> None:
    await world.order("merchant/secrets", secrets=[NEW])
    await _deliver(world, NEW, name="evt_1")
    answer = await _deliver(world, NEW, name="evt_2")
    lines = await _received(world)
    assert answer.status_code == 204
    assert [(line["order"], line["id"], line["verified"]) for line in lines] == [
        (1, "evt_1", True),
        (2, "evt_2", True),
    ]
    assert (lines[0]["type"], lines[0]["object"], lines[0]["sequence"]) == (
        "payment.succeeded",
        "pay_1",
        3,
    )


async def test_during_a_rotation_both_secrets_verify(world: World) -> None:
    await world.order("merchant/secrets", secrets=[OLD, NEW])
    await _deliver(world, OLD)
    await _deliver(world, NEW)
    assert [line["verified"] for line in await _received(world)] == [True, True]


async def test_a_foreign_signature_or_no_secret_verifies_nothing(world: World) -> None:
    await _deliver(world, NEW)
    await world.order("merchant/secrets", secrets=[OLD])
    await _deliver(world, NEW)
    await world.http.post("/merchant/hooks/demo", content=b"\xff not an event")
    assert [line["verified"] for line in await _received(world)] == [False, False, False]


async def test_it_answers_as_told_so_many_times(world: World) -> None:
    await world.order("merchant/answers", status=500, times=2)
    await world.order("merchant/answers", status=410)
    statuses = [(await _deliver(world, NEW)).status_code for _ in range(4)]
    assert statuses == [500, 500, 410, 204]


async def test_it_can_be_slow(world: World) -> None:
    await world.order("merchant/answers", seconds=0.5)
    with pytest.raises(httpx.ReadTimeout):
        await world.http.post("/merchant/hooks/demo", content=b"{}", timeout=0.1)
    assert [line["answered"] for line in await _received(world)] == [204]


async def test_a_secret_that_is_none_is_refused(world: World) -> None:
    for secret in ("whsec_!", "whsec_a"):
        answer = await world.order("merchant/secrets", secrets=[secret])
        assert answer.status_code == 422
