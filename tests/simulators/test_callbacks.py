"""When providers call back, and what they claim."""

import uuid

import pytest

from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _stk_codes(world: World, suffix: str, times: int) -> list[int]:
    await world.daraja.push(f"2547000000{suffix}")
    return [heard.stk["ResultCode"] for heard in await world.listener.hear("/in/a", times)]


async def _statuses(world: World, suffix: str, times: int) -> list[str]:
    await world.momo.pay(f"2376700000{suffix}")
    return [heard.body["status"] for heard in await world.listener.hear("/in/a", times)]


@pytest.mark.parametrize("provider", ["daraja", "momo"])
async def test_a_lost_callback_leaves_the_truth_to_be_asked_for(
    world: World, provider: str
) -> None:
    reference = str(uuid.uuid4())
    if provider == "daraja":
        key = (await world.daraja.push("254700000010")).json()["CheckoutRequestID"]
    else:
        await world.momo.pay("237670000010", reference=reference)
    await world.paid(provider, path="/in/after")
    asked = await (
        world.daraja.query(key) if provider == "daraja" else world.momo.status(reference)
    )
    assert world.listener.on("/in/a") == []
    assert asked.json().get("ResultCode", asked.json().get("status")) in {"0", "SUCCESSFUL"}
    assert len((await world.book(provider))["debits"]) == 2


async def test_a_duplicate_callback_is_the_same_to_the_byte(world: World) -> None:
    await world.momo.pay("237670000011")
    first, second = await world.listener.hear("/in/a", times=2)
    assert first == second
    assert len((await world.book("momo"))["debits"]) == 1


async def test_a_duplicate_callback_of_mpesa_names_the_same_receipt(world: World) -> None:
    assert await _stk_codes(world, "11", 2) == [0, 0]
    assert len((await world.book("daraja"))["debits"]) == 1


async def test_an_older_word_arrives_after_the_success(world: World) -> None:
    assert await _stk_codes(world, "12", 2) == [0, 1037]
    world.listener.heard.clear()
    assert await _statuses(world, "12", 2) == ["SUCCESSFUL", "PENDING"]


@pytest.mark.parametrize("provider", ["daraja", "momo"])
async def test_a_callback_comes_before_the_call_is_answered(world: World, provider: str) -> None:
    if provider == "daraja":
        answer = await world.daraja.push("254700000013")
    else:
        answer = await world.momo.pay("237670000013")
    assert answer.is_success
    assert len(world.listener.on("/in/a")) == 1


async def test_a_late_callback_comes_after_others_that_were_asked_later(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.order("momo/settings", late_after_seconds=10)
    await world.momo.pay("237670000014", reference=reference)
    await world.paid("momo", path="/in/after")
    early = (await world.momo.status(reference)).json()["status"]
    await world.listener.hear("/in/a")
    assert [heard.path for heard in world.listener.heard] == ["/in/after", "/in/a"]
    assert early == "PENDING"


async def test_a_late_success_follows_an_expiry_that_was_told_and_answered(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.momo.pay("237670000015", reference=reference)
    await world.listener.hear("/in/a")
    between = (await world.momo.status(reference)).json()["status"]
    statuses = [heard.body["status"] for heard in await world.listener.hear("/in/a", 2)]
    assert (between, statuses) == ("FAILED", ["FAILED", "SUCCESSFUL"])
    assert (await world.momo.status(reference)).json()["status"] == "SUCCESSFUL"
    assert (await world.book("momo"))["times"] == {reference: 1}


async def test_a_late_success_of_mpesa_follows_code_1019(world: World) -> None:
    assert await _stk_codes(world, "15", 2) == [1019, 0]
    assert (await world.book("daraja"))["totals"] == {"KES": 1000}


async def test_contradicting_callbacks_deny_what_was_taken(world: World) -> None:
    assert await _stk_codes(world, "16", 2) == [1032, 0]
    world.listener.heard.clear()
    assert await _statuses(world, "16", 2) == ["FAILED", "SUCCESSFUL"]


async def test_a_forged_callback_claims_money_that_never_moved(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.momo.pay("237670000017", reference=reference)
    forged = (await world.listener.hear("/in/a"))[0].body
    asked = (await world.momo.status(reference)).json()["status"]
    truth = (await world.listener.hear("/in/a", 2))[1].body
    assert forged["financialTransactionId"]
    assert (forged["status"], asked, truth["status"]) == ("SUCCESSFUL", "PENDING", "FAILED")
    assert (await world.book("momo"))["debits"] == []


async def test_a_callback_that_nobody_takes_is_not_sent_again(world: World) -> None:
    await world.daraja.push(CallBackURL="http://127.0.0.1:9/in/a")
    await world.paid("daraja", path="/in/after")
    log = (await world.http.get("/control/daraja/requests")).json()
    sent = [line["status"] for line in log if line["direction"] == "out"]
    assert sent == [0, 200]
