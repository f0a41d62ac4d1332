"""Faults and behaviour ordered through the control API."""

import asyncio
import uuid
from typing import Any

import httpx
import pytest

from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_queued_fault_meets_so_many_calls_and_no_more(world: World) -> None:
    ordered = await world.order("momo/faults", fault="rate_limited", times=2)
    statuses = [(await world.momo.pay()).status_code for _ in range(3)]
    assert ordered.json() == {"collect": ["rate_limited", "rate_limited"]}
    assert statuses == [429, 429, 202]


async def test_a_queued_fault_outranks_the_magic_number(world: World) -> None:
    await world.order("daraja/faults", fault="insufficient_funds")
    await world.daraja.push("254700000001")
    assert (await world.listener.hear("/in/a"))[0].stk["ResultCode"] == 1


@pytest.mark.parametrize("fault", ["malformed_json", "html_error_page", "server_error_storm"])
async def test_a_question_can_be_spoiled_alone(world: World, fault: str) -> None:
    reference = str(uuid.uuid4())
    await world.momo.pay(reference=reference)
    await world.listener.hear("/in/a")
    clean = await world.momo.status(reference)
    await world.order("momo/faults", fault=fault, operation="status")
    spoiled = await world.momo.status(reference)
    assert spoiled.content != clean.content
    assert (await world.momo.status(reference)).content == clean.content


async def test_a_question_can_be_answered_stale_alone(world: World) -> None:
    key = (await world.daraja.push()).json()["CheckoutRequestID"]
    await world.listener.hear("/in/a")
    await world.order("daraja/faults", fault="stale_status", operation="status")
    assert [(await world.daraja.query(key)).status_code for _ in range(2)] == [500, 200]


async def test_the_token_call_can_be_spoiled(world: World) -> None:
    await world.order("momo/faults", fault="server_error_storm", operation="token")
    assert (await world.momo.token()).status_code >= 500
    assert (await world.momo.token()).status_code == 200


async def test_the_account_check_can_be_spoiled(world: World) -> None:
    await world.order("momo/faults", fault="lost_answer", operation="account")
    with pytest.raises(httpx.TransportError):
        await world.momo.send("GET", "/collection/v1_0/accountholder/msisdn/237670000000/active")


async def test_the_callbacks_of_the_next_payment_can_be_ordered(world: World) -> None:
    await world.order("momo/faults", fault="duplicate_callback", operation="callback")
    await world.momo.pay()
    heard = await world.listener.hear("/in/a", times=2)
    assert heard[0].raw == heard[1].raw


async def _rolled(world: World, seed: int) -> list[int]:
    await world.order("momo/faults", seed=seed, rate=0.5, faults=["rate_limited", "spike_arrest"])
    return [(await world.momo.pay()).status_code for _ in range(12)]


async def test_a_seed_repeats_its_faults(world: World) -> None:
    first, again, other = [await _rolled(world, seed) for seed in (7, 7, 8)]
    assert first == again
    assert first != other
    assert {202, 429, 503} == set(first)


async def test_rate_zero_ends_the_chance(world: World) -> None:
    await world.order("momo/faults", seed=1, rate=1, faults=["rate_limited"])
    assert (await world.momo.pay()).status_code == 429
    await world.order("momo/faults", seed=1, rate=0)
    assert (await world.momo.pay()).status_code == 202


async def test_a_provider_that_is_down_answers_503_and_keeps_its_callbacks(world: World) -> None:
    await world.order("momo/settings", approve_after_seconds=4)
    await world.momo.pay()
    await world.order("momo/down", down=True)
    while_down = await world.momo.pay()
    async with asyncio.timeout(30):
        while not (await world.book("momo"))["debits"]:
            pass
    early = world.listener.on("/in/a")
    await world.order("momo/down", down=False)
    await world.listener.hear("/in/a")
    assert (while_down.status_code, early) == (503, [])
    assert (await world.momo.pay()).status_code == 202


async def test_a_provider_that_is_busy_refuses_in_its_own_words(world: World) -> None:
    for provider in ("daraja", "momo"):
        await world.order(f"{provider}/down", down=True, how="busy")
    assert (await world.daraja.push()).json()["errorCode"] == "500.003.02"
    assert (await world.momo.pay()).json()["code"] == "SERVICE_UNAVAILABLE"


async def test_a_provider_that_is_closed_answers_nothing(world: World) -> None:
    await world.order("daraja/down", down=True, how="closed")
    with pytest.raises(httpx.TransportError):
        await world.daraja.push()


async def test_any_callback_can_be_forged_to_any_address(world: World) -> None:
    body = {"status": "SUCCESSFUL", "externalId": "somebody-else"}
    url = f"{world.listener_url}/in/forged"
    sent = await world.order("momo/callbacks", url=url, body=body, method="PUT")
    heard = world.listener.on("/in/forged")
    assert sent.json() == {"status": 200}
    assert (heard[0].method, heard[0].body) == ("PUT", body)


async def test_settings_change_one_by_one_and_reset_restores_them(world: World) -> None:
    changed = await world.order("momo/settings", stale_answers=9)
    await world.order("momo/reset")
    restored = await world.http.get("/control/momo/settings")
    assert (changed.json()["stale_answers"], restored.json()["stale_answers"]) == (9, 3)
    assert changed.json()["speed"] == restored.json()["speed"] == 0.05


async def test_the_log_says_what_came_and_which_fault_it_met(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.momo.pay("237670000027", reference=reference)
    line = (await world.http.get("/control/momo/requests")).json()[-1]
    assert line["path"].endswith("/requesttopay")
    assert (line["status"], line["fault"], line["reference"]) == (429, "rate_limited", reference)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("momo/faults", {"fault": "no_such_fault"}, 422),
        ("momo/faults", {}, 422),
        ("momo/faults", {"seed": 1, "rate": 0.5, "faults": []}, 422),
        ("momo/faults", {"fault": "paid", "operation": "dance"}, 422),
        ("momo/settings", {"approve_after": 1}, 422),
        ("momo/settings", {"speed": -1}, 422),
        ("momo/down", {"down": True, "how": "sideways"}, 422),
        ("nobody/reset", {}, 404),
    ],
)
async def test_a_wrong_order_is_refused(
    world: World, path: str, body: dict[str, Any], status: int
) -> None:
    assert (await world.order(path, **body)).status_code == status


async def test_the_table_of_faults_can_be_read(world: World) -> None:
    table = (await world.http.get("/control/faults")).json()
    assert ("20", "lost_answer") in {(row["suffix"], row["name"]) for row in table}
