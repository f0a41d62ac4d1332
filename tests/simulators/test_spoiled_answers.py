"""Answers that never come, break off or cannot be read: over real sockets, against the book."""

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable

import httpx
import pytest

from tests.simulators.peers import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

BOTH = pytest.mark.parametrize("provider", ["daraja", "momo"])


def _collect(
    world: World, provider: str, suffix: str, reference: str | None = None
) -> Awaitable[httpx.Response]:
    if provider == "daraja":
        return world.daraja.push(f"2547000000{suffix}")
    return world.momo.pay(f"2376700000{suffix}", reference=reference)


async def _gather(answer: httpx.Response, got: list[bytes]) -> None:
    async for chunk in answer.aiter_raw():
        got.append(chunk)  # noqa: PERF401 - keeps what came before the reset


async def _debits(world: World, provider: str) -> int:
    return len((await world.book(provider))["debits"])


@BOTH
@pytest.mark.parametrize("suffix", ["20", "22", "23"])
async def test_an_answer_that_is_lost_hides_a_payment_that_goes_on(
    world: World, provider: str, suffix: str
) -> None:
    with pytest.raises(httpx.TransportError):
        await _collect(world, provider, suffix)
    await world.listener.hear("/in/a")
    assert await _debits(world, provider) == 1


@BOTH
async def test_a_call_that_was_not_received_leaves_no_trace_and_the_next_goes_through(
    world: World, provider: str
) -> None:
    reference = str(uuid.uuid4())
    with pytest.raises(httpx.TransportError):
        await _collect(world, provider, "21", reference)
    before = (await world.book(provider))["accepted"]
    again = await _collect(world, provider, "21", reference)
    assert (before, again.is_success) == (0, True)


async def test_a_hung_call_gives_a_patient_client_nothing_at_all(world: World) -> None:
    await world.order("momo/settings", hang_seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        await world.http.post(
            "/momo/collection/v1_0/requesttopay",
            headers={**world.momo.headers, "X-Reference-Id": str(uuid.uuid4())},
            json={
                "amount": "5",
                "currency": "XAF",
                "payer": {"partyIdType": "MSISDN", "partyId": "237670000020"},
            },
            timeout=0.2,
        )
    assert (await world.book("momo"))["accepted"] == 1


async def test_a_reset_comes_after_half_an_answer(world: World) -> None:
    request = world.http.build_request(
        "GET",
        "/daraja/oauth/v1/generate?grant_type=client_credentials",
        headers={"Authorization": "Basic c2ltLWNvbnN1bWVyLWtleTpzaW0tY29uc3VtZXItc2VjcmV0"},
    )
    await world.order("daraja/faults", fault="reset_mid_body", operation="token")
    answer = await world.http.send(request, stream=True)
    got: list[bytes] = []
    with pytest.raises(httpx.TransportError):
        await _gather(answer, got)
    assert answer.status_code == 200
    assert got[0].startswith(b'{"access_token"')
    assert len(b"".join(got)) < int(answer.headers["content-length"])


async def test_a_cut_connection_is_reset_on_the_socket(world: World) -> None:
    await world.order("momo/down", down=True, how="closed")
    host, port = world.base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /momo/v1_0/apiuser/x HTTP/1.1\r\nHost: momo\r\n\r\n")
    with pytest.raises(ConnectionResetError):
        await reader.read()
    writer.close()


@BOTH
async def test_a_dripping_answer_is_whole_but_slow(world: World, provider: str) -> None:
    await world.order(f"{provider}/settings", drip_seconds=4)
    began = time.monotonic()
    answer = await _collect(world, provider, "24")
    assert answer.is_success
    assert time.monotonic() - began > 0.1
    if provider == "daraja":
        assert answer.json()["ResponseCode"] == "0"


@BOTH
async def test_a_storm_spoils_three_calls_of_one_reference(world: World, provider: str) -> None:
    reference = str(uuid.uuid4())
    statuses = [(await _collect(world, provider, "25", reference)).status_code for _ in range(4)]
    assert sorted(statuses[:3]) == [500, 502, 504]
    assert statuses[3] in {200, 202}
    assert (await world.book(provider))["accepted"] == 1


@BOTH
async def test_an_error_after_acceptance_hides_a_payment(world: World, provider: str) -> None:
    answer = await _collect(world, provider, "26")
    await world.listener.hear("/in/a")
    assert answer.status_code == 500
    assert await _debits(world, provider) == 1


@BOTH
async def test_the_first_call_over_the_rate_is_told_when_to_come_back(
    world: World, provider: str
) -> None:
    reference = str(uuid.uuid4())
    refused = await _collect(world, provider, "27", reference)
    taken = await _collect(world, provider, "27", reference)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert taken.is_success


async def test_a_spike_arrest_is_refused_before_acting(world: World) -> None:
    daraja = await _collect(world, "daraja", "28")
    momo = await _collect(world, "momo", "28")
    assert (daraja.status_code, daraja.json()["errorCode"]) == (500, "500.003.02")
    assert (momo.status_code, momo.json()["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert (await world.book("daraja"))["accepted"] == (await world.book("momo"))["accepted"] == 0


@BOTH
async def test_a_token_that_dies_in_flight_is_dead_until_renewed(
    world: World, provider: str
) -> None:
    reference = str(uuid.uuid4())
    first = await _collect(world, provider, "29", reference)
    second = await _collect(world, provider, "00", reference)
    await (world.daraja.token() if provider == "daraja" else world.momo.token())
    third = await _collect(world, provider, "29", reference)
    expected = 404 if provider == "daraja" else 401
    assert (first.status_code, second.status_code) == (expected, expected)
    assert third.is_success


@BOTH
async def test_malformed_json_hides_a_payment(world: World, provider: str) -> None:
    answer = await _collect(world, provider, "30")
    await world.listener.hear("/in/a")
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert await _debits(world, provider) == 1


@BOTH
async def test_a_web_page_hides_a_payment(world: World, provider: str) -> None:
    answer = await _collect(world, provider, "31")
    await world.listener.hear("/in/a")
    assert answer.status_code == 502
    assert answer.text.startswith("<html>")
    assert await _debits(world, provider) == 1


async def test_a_wrong_content_type_carries_the_right_body(world: World) -> None:
    answer = await _collect(world, "daraja", "32")
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.json()["ResponseCode"] == "0"


@BOTH
async def test_our_own_mistake_is_told_every_time(world: World, provider: str) -> None:
    answers = [await _collect(world, provider, "33") for _ in range(2)]
    expected = 500 if provider == "daraja" else 403
    assert [answer.status_code for answer in answers] == [expected, expected]


async def test_a_lost_payment_is_not_found_at_first(world: World) -> None:
    reference = str(uuid.uuid4())
    with pytest.raises(httpx.TransportError):
        await _collect(world, "momo", "22", reference)
    await world.listener.hear("/in/a")
    statuses = [(await world.momo.status(reference)).status_code for _ in range(3)]
    assert statuses == [404, 404, 200]


async def test_stale_answers_say_pending_three_times_after_the_money_moved(world: World) -> None:
    reference = str(uuid.uuid4())
    await world.momo.pay("237670000042", reference=reference, path="/in/m")
    key = (await world.daraja.push("254700000042", path="/in/k")).json()["CheckoutRequestID"]
    await world.listener.hear("/in/m")
    await world.listener.hear("/in/k")
    momo = [(await world.momo.status(reference)).json()["status"] for _ in range(4)]
    daraja = [(await world.daraja.query(key)).status_code for _ in range(4)]
    assert momo == ["PENDING", "PENDING", "PENDING", "SUCCESSFUL"]
    assert daraja == [500, 500, 500, 200]


@pytest.mark.parametrize("suffix", ["30", "31", "32"])
async def test_an_unreadable_acknowledgement_is_followed_by_one_unreadable_answer(
    world: World, suffix: str
) -> None:
    reference = str(uuid.uuid4())
    await _collect(world, "momo", suffix, reference)
    await world.listener.hear("/in/a")
    first = await world.momo.status(reference)
    second = await world.momo.status(reference)
    assert first.content != second.content or first.headers != second.headers
    assert second.json()["status"] == "SUCCESSFUL"
