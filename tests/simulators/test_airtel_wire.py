"""Airtel Money as Airtel speaks it, quirks included."""

import base64
import hmac
import json
from typing import Any

import pytest
import pytest_asyncio

from tests.simulators.airtel_peer import PUSH, AirtelPeer, a_push
from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def airtel(world: World) -> AirtelPeer:
    """Airtel, told to call the listener; its client holds a token."""
    await world.order("airtel/webhook", url=f"{world.listener_url}/in/x")
    peer = AirtelPeer(world)
    await peer.token()
    return peer


def hashed(payload: bytes) -> str:
    return base64.b64encode(hmac.digest(b"sim-airtel-callback", payload, "sha256")).decode()


async def test_a_token_lives_three_minutes_and_says_so_as_text(airtel: AirtelPeer) -> None:
    told = (await airtel.token()).json()
    assert (told["token_type"], told["expires_in"]) == ("bearer", "180")


async def test_wrong_credentials_and_dead_tokens_have_words_of_their_own(
    airtel: AirtelPeer,
) -> None:
    wrong = await airtel.token(client_secret="other")
    airtel.headers["Authorization"] = "Bearer dead"
    dead = await airtel.pushed()
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert (dead.status_code, dead.json()["error"]) == (403, "invalid_token")


@pytest.mark.parametrize(
    ("header", "code"), [("X-Country", "ROUTER110"), ("X-Currency", "ROUTER006")]
)
async def test_without_country_or_currency_the_gateway_refuses(
    airtel: AirtelPeer, header: str, code: str
) -> None:
    del airtel.headers[header]
    answer = await airtel.pushed()
    assert (answer.status_code, answer.json()["status_code"]) == (400, code)


async def test_success_in_an_acknowledgement_means_taken_in(
    world: World, airtel: AirtelPeer
) -> None:
    taken = (await airtel.pushed("700000001")).json()
    assert taken["data"]["transaction"]["status"] == "Success."
    assert taken["status"]["response_code"] == "DP00800001006"
    await world.listener.hear("/in/x")
    assert await airtel.enquiry() == ("TF", "DP00800001008")
    assert (await world.book("airtel"))["debits"] == []


async def test_a_paid_push_has_two_ids_in_two_places(world: World, airtel: AirtelPeer) -> None:
    await airtel.pushed()
    told = (await world.listener.hear("/in/x"))[0].body["transaction"]
    shown = (await airtel.get("v1/payments/T1")).json()["data"]["transaction"]
    (debit,) = (await world.book("airtel"))["debits"]
    assert (told["id"], told["status_code"]) == ("T1", "TS")
    assert told["airtel_money_id"] in told["message"]
    assert shown["airtel_money_id"] == debit["receipt"] != told["airtel_money_id"]
    assert (debit["payer"], debit["amount_minor"]) == ("256700000000", 500)


@pytest.mark.parametrize(
    ("suffix", "said"),
    [
        ("02", ("TF", "DP00800001009")),
        ("03", ("TF", "DP00800001007")),
        ("04", ("TF", "DP00800001002")),
        ("05", ("TE", "DP00800001029")),
        ("06", ("TF", "DP00800001005")),
        ("08", ("TF", "DP00800001003")),
    ],
)
async def test_a_refusal_has_its_code(
    world: World, airtel: AirtelPeer, suffix: str, said: tuple[str, str]
) -> None:
    await airtel.pushed(f"7000000{suffix}")
    await world.listener.hear("/in/x")
    assert await airtel.enquiry() == said


async def test_the_hash_stands_in_the_body_or_in_a_header(world: World, airtel: AirtelPeer) -> None:
    await airtel.pushed(key="T1")
    inside = (await world.listener.hear("/in/x"))[0]
    await world.order("airtel/settings", hash_in="header")
    await airtel.pushed(key="T2")
    outside = (await world.listener.hear("/in/x", 2))[1]
    compact = {"transaction": inside.body["transaction"]}
    assert inside.body["hash"] == hashed(json.dumps(compact, separators=(",", ":")).encode())
    assert outside.headers["x-signature"] == hashed(outside.raw)
    assert "hash" not in outside.body


@pytest.mark.parametrize("where", ["none", "wrong"])
async def test_a_hash_may_be_missing_or_wrong(world: World, airtel: AirtelPeer, where: str) -> None:
    await world.order("airtel/settings", hash_in=where)
    await airtel.pushed()
    (heard,) = await world.listener.hear("/in/x")
    compact = {"transaction": heard.body["transaction"]}
    right = hashed(json.dumps(compact, separators=(",", ":")).encode())
    assert ("hash" in heard.body) is (where == "wrong")
    assert heard.body.get("hash") != right


async def test_what_is_not_there_yet_is_1025(world: World, airtel: AirtelPeer) -> None:
    never = await airtel.enquiry("T9")
    await world.order("airtel/faults", fault="slow_to_appear", operation="status")
    await airtel.pushed()
    assert [never, await airtel.enquiry()] == [(None, "DP00800001025")] * 2


async def test_an_id_is_taken_once(world: World, airtel: AirtelPeer) -> None:
    await airtel.pushed()
    again = (await airtel.pushed()).json()["status"]
    assert (again["success"], again["response_code"]) == (False, "DP00800001011")
    assert (await world.book("airtel"))["accepted"] == 1


@pytest.mark.parametrize("number", ["256700000000", "0700000000", "70000000", "+700000000"])
async def test_a_number_has_nine_digits(airtel: AirtelPeer, number: str) -> None:
    answer = await airtel.post(PUSH, a_push(number))
    assert (answer.status_code, answer.json()["status_code"]) == (400, "ESB000008")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reference": "a b"}, ""),
        ({"transaction": {"amount": 0, "id": "T1"}}, "DP00800001004"),
        ({"transaction": {"amount": "500", "id": "T1"}}, "DP00800001004"),
        ({"transaction": {"amount": 500, "id": "x" * 65}}, ""),
    ],
)
async def test_a_malformed_push_is_refused_with_http_200(
    world: World, airtel: AirtelPeer, changes: dict[str, Any], code: str
) -> None:
    answer = await airtel.post(PUSH, a_push(**changes))
    said = answer.json()["status"]
    assert (answer.status_code, said["success"], said["response_code"]) == (200, False, code)
    assert (await world.book("airtel"))["accepted"] == 0


async def test_an_ambiguous_answer_was_acted_upon(world: World, airtel: AirtelPeer) -> None:
    lost = (await airtel.pushed("700000026")).json()["status"]
    await world.listener.hear("/in/x")
    assert (lost["success"], lost["response_code"]) == (False, "DP00800001000")
    assert await airtel.enquiry() == ("TS", "DP00800001001")


async def test_a_refund_is_done_although_it_says_no_success(
    world: World, airtel: AirtelPeer
) -> None:
    await airtel.pushed()
    await world.listener.hear("/in/x")
    receipt = (await world.book("airtel"))["debits"][0]["receipt"]
    body = {"transaction": {"airtel_money_id": receipt}}
    path = "/airtel/standard/v1/payments/refund"
    first, again = [(await airtel.post(path, body)).json()["status"] for _ in range(2)]
    assert (first["success"], first["response_code"]) == (False, "DP00800001001")
    assert again["response_code"] == "DP00800001008"
    assert (await world.book("airtel"))["given_back"] == {"T1": 500}


async def test_a_payout_is_done_when_it_is_answered_and_once(
    world: World, airtel: AirtelPeer
) -> None:
    before = (await airtel.get("v1/users/balance")).json()["data"]
    paid, again = await airtel.pay_out(), await airtel.pay_out()
    asked = (await airtel.get("v2/disbursements/P1?transactionType=B2C")).json()
    after = (await airtel.get("v1/users/balance")).json()["data"]
    assert paid["data"]["transaction"]["status"] == "TS"
    assert again["status"]["response_code"] == "DP00900001017"
    assert asked["data"] == paid["data"]
    assert float(before["balance"]) - float(after["balance"]) == 500
    assert len((await world.book("airtel"))["payouts"]) == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "700000008"}, "DP00900001003"),
        ({"number": "700000007"}, "DP00900001012"),
        ({"number": "700000009"}, "DP00900001006"),
        ({"amount": 99_999_999}, "DP00900001007"),
    ],
)
async def test_a_payout_that_is_not_done_says_why(
    airtel: AirtelPeer, changes: dict[str, Any], code: str
) -> None:
    assert (await airtel.pay_out(**changes))["status"]["response_code"] == code
    unknown = (await airtel.get("v2/disbursements/P9")).json()["status"]["response_code"]
    assert unknown == "DP00900001015"


async def test_a_holder_has_a_name_or_is_barred(airtel: AirtelPeer) -> None:
    known = (await airtel.get("v1/users/700000000")).json()["data"]
    barred = (await airtel.get("v1/users/700000008")).json()["data"]
    nobody = (await airtel.get("v1/users/700000007")).json()["status"]
    assert (known["first_name"], known["is_barred"], barred["is_barred"]) == ("GRACE", False, True)
    assert nobody["success"] is False
