"""Wave as Wave speaks it, quirks included."""

import hashlib
import hmac
import json
from typing import Any

import pytest
import pytest_asyncio

from tests.simulators.peers import Heard, World
from tests.simulators.wave_peer import SESSIONS, WavePeer, a_payout, a_session

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def wave(world: World) -> WavePeer:
    """Wave, told to call the listener."""
    await world.order("wave/webhook", url=f"{world.listener_url}/in/w")
    return WavePeer(world)


def kinds(heard: list[Heard]) -> list[str]:
    return [one.body["type"].removeprefix("checkout.session.") for one in heard]


async def test_a_session_is_open_and_has_a_page(world: World, wave: WavePeer) -> None:
    await world.order("wave/settings", approve_after_seconds=4)
    session = await wave.opened()
    assert session["id"].startswith("cos-")
    assert (session["checkout_status"], session["payment_status"]) == ("open", "processing")
    assert session["transaction_id"] is None
    page = await world.http.get(session["wave_launch_url"])
    assert "XOF 1500" in page.text


async def test_a_paid_session_is_told_and_shown_with_its_transaction(
    world: World, wave: WavePeer
) -> None:
    key = (await wave.opened())["id"]
    event = (await world.listener.hear("/in/w"))[0].body
    assert (event["type"], event["data"]["id"]) == ("checkout.session.completed", key)
    assert await wave.shown(key) == ("complete", "succeeded")
    receipt = event["data"]["transaction_id"]
    found = await wave.get(SESSIONS, transaction_id=receipt)
    searched = await wave.get(f"{SESSIONS}/search", client_reference="ORDER-42")
    (debit,) = (await world.book("wave"))["debits"]
    assert found.json()["id"] == searched.json()["result"][0]["id"] == key
    assert (debit["receipt"], debit["amount_minor"], debit["payer"]) == (
        receipt, 1500, "221770000000",
    )  # fmt: skip


async def test_a_webhook_proves_itself_over_stamp_and_raw_body(
    world: World, wave: WavePeer
) -> None:
    await wave.opened()
    (heard,) = await world.listener.hear("/in/w")
    stamp, sent = (part.partition("=")[2] for part in heard.headers["wave-signature"].split(","))
    ours = hmac.new(b"sim-wave-webhook", stamp.encode() + heard.raw, hashlib.sha256).hexdigest()
    assert sent == ours


@pytest.mark.parametrize(
    ("suffix", "statuses", "code"),
    [
        ("01", ("complete", "cancelled"), "payment-failure"),
        ("03", ("complete", "cancelled"), "insufficient-funds"),
        ("08", ("complete", "cancelled"), "kyb-limits-exceeded"),
    ],
)
async def test_a_refusal_says_why(
    world: World, wave: WavePeer, suffix: str, statuses: tuple[str, str], code: str
) -> None:
    key = (await wave.opened(f"2217700000{suffix}"))["id"]
    event = (await world.listener.hear("/in/w"))[0].body
    assert event["type"] == "checkout.session.payment_failed"
    assert event["data"]["last_payment_error"]["code"] == code
    assert await wave.shown(key) == statuses
    assert (await world.book("wave"))["debits"] == []


async def test_an_expired_session_stays_processing_and_nobody_is_told(
    world: World, wave: WavePeer
) -> None:
    key = (await wave.opened("221770000005"))["id"]
    await wave.opened("221770000000", client_reference="AFTER")
    await world.listener.hear("/in/w")
    assert await wave.shown(key) == ("expired", "processing")
    assert kinds(world.listener.on("/in/w")) == ["completed"]


@pytest.mark.parametrize(
    ("suffix", "told"),
    [
        ("11", ["completed", "completed"]),
        ("12", ["completed", "payment_failed"]),
        ("16", ["payment_failed", "completed"]),
    ],
)
async def test_events_come_twice_and_out_of_order(
    world: World, wave: WavePeer, suffix: str, told: list[str]
) -> None:
    await wave.opened(f"2217700000{suffix}")
    heard = await world.listener.hear("/in/w", 2)
    assert kinds(heard) == told
    failed = [one.body["data"] for one in heard if one.body["type"].endswith("failed")]
    assert {data["checkout_status"] for data in failed} <= {"open"}


async def test_a_repeat_makes_a_second_session(world: World, wave: WavePeer) -> None:
    first, second = await wave.opened(), await wave.opened()
    found = (await wave.get(f"{SESSIONS}/search", client_reference="ORDER-42")).json()["result"]
    assert {one["id"] for one in found} == {first["id"], second["id"]}


async def test_an_open_session_can_be_ended_and_one_that_ended_cannot(
    world: World, wave: WavePeer
) -> None:
    await world.order("wave/settings", approve_after_seconds=1)
    open_one = (await wave.opened("221770000009"))["id"]
    ended = await wave.post(f"{SESSIONS}/{open_one}/expire")
    again = await wave.post(f"{SESSIONS}/{open_one}/expire")
    paid = (await wave.opened())["id"]
    await world.listener.hear("/in/w")
    late = await wave.post(f"{SESSIONS}/{paid}/expire")
    gone = await wave.post(f"{SESSIONS}/cos-0/expire")
    codes = [one.status_code for one in (ended, again, late, gone)]
    assert codes == [200, 409, 409, 404]
    assert await wave.shown(open_one) == ("expired", "processing")


async def test_a_session_ended_before_the_payer_decides_is_not_paid(
    world: World, wave: WavePeer
) -> None:
    await world.order("wave/settings", payer_opens_page=True)
    session = await wave.opened()
    key = session["id"]
    await wave.post(f"{SESSIONS}/{key}/expire")
    await world.http.get(session["wave_launch_url"])
    await world.order("wave/settings", payer_opens_page=False)
    await wave.opened(client_reference="AFTER")
    await world.listener.hear("/in/w")
    assert await wave.shown(key) == ("expired", "processing")
    assert len((await world.book("wave"))["debits"]) == 1


async def test_a_refund_is_whole_and_done_once(world: World, wave: WavePeer) -> None:
    await world.order("wave/settings", payer_opens_page=True)
    session = await wave.opened()
    key = session["id"]
    early = await wave.post(f"{SESSIONS}/{key}/refund")
    await world.http.get(session["wave_launch_url"])
    await world.listener.hear("/in/w")
    before = (await wave.get("/wave/v1/balance")).json()["amount"]
    answers = [await wave.post(f"{SESSIONS}/{key}/refund") for _ in range(2)]
    after = (await wave.get("/wave/v1/balance")).json()["amount"]
    assert early.json()["code"] == "checkout-refund-failed"
    assert [(one.status_code, one.content) for one in answers] == [(200, b"")] * 2
    assert int(before) - int(after) == 1500


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"metadata": {}}, "request-validation-error"),
        ({"amount": 1500}, "request-validation-error"),
        ({"amount": "01500"}, "request-validation-error"),
        ({"amount": "15.5"}, "request-validation-error"),
        ({"amount": "0"}, "request-validation-error"),
        ({"success_url": "http://shop.example"}, "request-validation-error"),
        ({"restrict_payer_mobile": "221770000000"}, "request-validation-error"),
        ({"client_reference": "x" * 256}, "request-validation-error"),
        ({"currency": "XAF"}, "currency-mismatch"),
    ],
)
async def test_a_malformed_session_is_400(
    world: World, wave: WavePeer, changes: dict[str, Any], code: str
) -> None:
    answer = await wave.post(SESSIONS, a_session(**changes))
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert (await world.book("wave"))["accepted"] == 0


async def test_a_wrong_key_is_401(world: World, wave: WavePeer) -> None:
    wrong = await wave.post(SESSIONS, a_session(), Authorization="Bearer other")
    none = await world.http.get(f"{SESSIONS}/cos-1")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "no-matching-api-key")
    assert none.json()["code"] == "missing-auth-header"


async def test_a_payout_is_done_once_per_key(world: World, wave: WavePeer) -> None:
    first, again = await wave.pay_out(), await wave.pay_out()
    other = await wave.pay_out(receive_amount="15001")
    ended = await wave.ended(first.json()["id"])
    replay = await wave.pay_out()
    assert first.json()["id"] == again.json()["id"] == replay.json()["id"]
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-mismatch")
    assert (ended["status"], ended["fee"], replay.json()["status"]) == (
        "succeeded", "150", "succeeded",
    )  # fmt: skip
    assert len((await world.book("wave"))["payouts"]) == 1


async def test_another_key_is_another_transfer(world: World, wave: WavePeer) -> None:
    await wave.pay_out("K1")
    await wave.pay_out("K2")
    found = (await wave.get("/wave/v1/payouts/search", client_reference="PO-42")).json()["result"]
    assert len(found) == 2


async def test_a_lost_answer_is_found_by_search(world: World, wave: WavePeer) -> None:
    await world.order("wave/faults", fault="error_after_accept", operation="payout")
    lost = await wave.pay_out()
    found = (await wave.get("/wave/v1/payouts/search", client_reference="PO-42")).json()["result"]
    assert lost.status_code == 500
    assert len(found) == 1


async def test_a_payout_fails_reverses_and_needs_a_key(world: World, wave: WavePeer) -> None:
    refused = await wave.post("/wave/v1/payout", a_payout())
    failed = await wave.pay_out("K1", mobile="+221770000008")
    shown = await wave.ended(failed.json()["id"])
    paid = (await wave.pay_out("K2")).json()["id"]
    await wave.ended(paid)
    back = await wave.post(f"/wave/v1/payout/{paid}/reverse")
    assert refused.status_code == 400
    assert shown["payout_error"]["error_code"] == "recipient-limit-exceeded"
    assert back.status_code == 200
    assert (await wave.get(f"/wave/v1/payout/{paid}")).json()["status"] == "reversed"


async def test_more_than_the_wallet_holds_is_422(wave: WavePeer) -> None:
    answer = await wave.pay_out(receive_amount="99999999")
    assert (answer.status_code, answer.json()["code"]) == (422, "insufficient-funds")


@pytest.mark.parametrize(
    ("phone", "name", "match", "within"),
    [
        ("221770000000", "Awa DIOP", "MATCH", True),
        ("221770000000", "Moussa Ba", "NO_MATCH", True),
        ("221770000007", "Awa Diop", "NAME_NOT_KNOWN", True),
        ("221770000008", "Awa Diop", "MATCH", False),
    ],
)
async def test_a_recipient_is_verified(
    wave: WavePeer, phone: str, name: str, match: str, within: bool
) -> None:
    asked = {"mobile": f"+{phone}", "name": name}
    said = (await wave.post("/wave/v1/verify_recipient/", asked)).json()
    assert said == {"within_limits": within, "name_match": match}


async def test_while_wave_is_down_it_says_503(world: World, wave: WavePeer) -> None:
    await world.order("wave/down", down=True)
    down = await wave.post(SESSIONS, a_session())
    await world.order("wave/down", down=True, how="busy")
    busy = await wave.post(SESSIONS, a_session())
    await world.order("wave/down", down=False)
    assert (down.status_code, busy.status_code) == (503, 429)
    assert json.loads(down.content)["code"] == "service-unavailable"
