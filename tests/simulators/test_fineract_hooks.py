"""Hooks of the simulated Fineract, and books that outlive it."""

from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from simulators.settings import Settings
from tests.simulators.lenders import Lender, a_lender, code
from tests.simulators.peers import World, a_world

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVENTS = [
    {"actionName": action, "entityName": "LOAN"} for action in ("APPROVE", "DISBURSE", "REPAYMENT")
]


@pytest_asyncio.fixture(loop_scope="session")
async def lender(world: World) -> Lender:
    return await a_lender(world)


async def hooked(lender: Lender, url: str | None = None) -> Any:
    """The answer to registering a hook at the listener."""
    body = {
        "name": "Web",
        "isActive": True,
        "displayName": "kauri",
        "events": EVENTS,
        "config": {
            "Payload URL": url or f"{lender.world.listener_url}/in/hook/",
            "Content Type": "json",
        },
    }
    return await lender.post("/hooks", body)


async def test_registering_calls_the_address_at_once(lender: Lender) -> None:
    made = await hooked(lender)
    assert made.json()["resourceId"] == 1
    assert [heard.method for heard in lender.world.listener.on("/in/hook/")] == ["GET"]
    dead = await hooked(lender, "http://127.0.0.1:1/in/hook/")
    assert code(dead) == (400, "validation.msg.hook.url.invalid")
    listed = (await lender.get("/hooks")).json()
    assert [hook["id"] for hook in listed] == [1]


async def told(lender: Lender, times: int) -> list[dict[str, Any]]:
    """Bodies of the first hooks; the first thing heard is the registration's GET."""
    heard = await lender.world.listener.hear("/in/hook/", times + 1)
    return [one.body for one in heard if one.method == "POST"]


async def test_an_approval_is_told_in_the_wrapper(lender: Lender) -> None:
    await hooked(lender)
    key = await lender.new_loan(approved=False)
    await lender.order(f"loans/{key}", act="approve")
    (body,) = await told(lender, 1)
    assert (body["entityName"], body["actionName"]) == ("LOAN", "APPROVE")
    assert body["response"]["loanId"] == key


async def test_an_old_server_tells_it_bare(lender: Lender) -> None:
    await lender.turn(hook_shape="flat")
    await hooked(lender)
    key = await lender.new_loan()
    (body,) = await told(lender, 1)
    assert "entityName" not in body
    assert (body["loanId"], body["resourceId"]) == (key, key)


async def test_failed_and_parked_commands_are_told_too_without_a_response(lender: Lender) -> None:
    key = await lender.new_loan()
    await hooked(lender)
    await lender.disburse(key, transactionAmount=99999)
    await lender.turn(maker_checker=["DISBURSE_LOAN"])
    await lender.disburse(key)
    bodies = await told(lender, 2)
    assert [body["actionName"] for body in bodies] == ["DISBURSE", "DISBURSE"]
    assert ["response" in body for body in bodies] == [False, False]


async def test_an_approval_pressed_twice_is_told_twice_the_second_time_as_failed(
    lender: Lender,
) -> None:
    await hooked(lender)
    key = await lender.new_loan(approved=False)
    answers = [await lender.order(f"loans/{key}", act="approve") for _ in range(2)]
    bodies = await told(lender, 2)
    assert [answer.status_code for answer in answers] == [200, 409]
    assert sorted("response" in body for body in bodies) == [False, True]


async def test_a_hook_can_come_twice_and_out_of_order(lender: Lender) -> None:
    await hooked(lender)
    await lender.turn(hook_copies=2)
    await lender.new_loan()
    await told(lender, 2)
    await lender.turn(hook_copies=1, hooks_swapped=True)
    first, second = await lender.new_loan(), await lender.new_loan()
    bodies = (await told(lender, 4))[2:]
    assert [body["response"]["loanId"] for body in bodies] == [second, first]


async def test_anything_can_be_told_that_never_happened(lender: Lender) -> None:
    await hooked(lender)
    await lender.order("hooks", loan_id=999)
    (body,) = await told(lender, 1)
    assert body["response"]["loanId"] == 999


async def test_an_officer_may_disburse_by_hand(lender: Lender) -> None:
    key = await lender.new_loan()
    made = await lender.order(f"loans/{key}", act="disburse")
    assert made.json()["changes"]["status"]["id"] == 300
    line = (await lender.loan(key))["transactions"][0]
    assert "externalId" not in line
    refused = await lender.order(f"loans/{key}", act="undoapproval")
    assert refused.status_code == 409


async def test_books_keys_switches_and_hooks_outlive_the_server(tmp_path: Path) -> None:
    settings = Settings(speed=0.05, state_dir=tmp_path)
    async with a_world(settings) as world:
        lender = await a_lender(world)
        await hooked(lender)
        key = await lender.new_loan()
        await lender.disburse(key, key="k", externalId="ext")
        before = await lender.book()
    async with a_world(settings) as world:
        lender = Lender(world)
        again = await lender.disburse(key, key="k", externalId="ext")
        after, shown = await lender.book(), await lender.loan(key)
        hooks = (await lender.get("/hooks")).json()
        fresh = await lender.new_loan()
        taken = await lender.disburse(fresh, externalId="ext")
    assert after == before
    assert again.headers["x-served-from-cache"] == "true"
    assert shown["status"]["id"] == 300
    assert (len(hooks), fresh) == (1, key + 1)
    assert "must.be.unique" in code(taken)[1]


async def test_a_reset_forgets_all_but_the_first_tenants(tmp_path: Path) -> None:
    async with a_world(Settings(state_dir=tmp_path)) as world:
        lender = await a_lender(world)
        await lender.order("tenants", name="third")
        await lender.new_loan()
        await lender.order("reset")
        names = (await world.http.get("/control/fineract/tenants")).json()
    async with a_world(Settings(state_dir=tmp_path)) as world:
        assert (await Lender(world).get("/loans")).json()["totalFilteredRecords"] == 0
    assert names == ["default", "sacco-two"]
