"""AirTouch: what is sent, what answers mean, and that the secret stays in the query."""

import hashlib
import json
from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from providers.messaging import Outgoing, Rejected, Scope, Sent, Submitted, Unknown
from providers.sms.airtouch import AirTouch
from providers.sms.settings import AirTouchSettings

SETTINGS = AirTouchSettings(
    base_url="http://gateway",
    username="kauri",
    api_key=SecretStr("canary-key"),
    sender="KAURI",
    pace=1_000_000,
)
MESSAGE = Outgoing(id="msg_1", to="254700000001", text="424242 is your code & more")
Answers = Callable[[httpx.Request], httpx.Response]


def said(code: str, status: int = 200) -> httpx.Response:
    return httpx.Response(status, json={"message_id": "77", "status_code": code})


async def sent(answer: Answers, message: Outgoing = MESSAGE) -> tuple[Sent, list[httpx.Request]]:
    seen: list[httpx.Request] = []

    def rail(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return answer(request)

    client = AirTouch(SETTINGS, transport=httpx.MockTransport(rail))
    outcome = await client.send(message)
    await client.aclose()
    return outcome, seen


async def test_a_message_carries_every_field_and_the_digest_of_the_key() -> None:
    outcome, (request,) = await sent(lambda _: said("1000"))
    assert outcome == Submitted(provider_ref="77")
    assert (request.method, request.url.path) == ("GET", "/sms/api/")
    assert dict(request.url.params) == {
        "issn": "KAURI",
        "msisdn": "254700000001",
        "text": "424242 is your code & more",
        "username": "kauri",
        "password": hashlib.md5(b"canary-key").hexdigest(),
        "sms_id": "msg_1",
    }


async def test_a_partner_s_own_name_goes_out_in_place_of_ours() -> None:
    message = Outgoing(id="msg_1", to="254700000001", text="x", sender="UMOJA")
    _, (request,) = await sent(lambda _: said("1000"), message)
    assert request.url.params["issn"] == "UMOJA"


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        ("1001", Scope.MESSAGE),
        ("1003", Scope.ADDRESS),
        ("1004", Scope.GATEWAY),
        ("1006", Scope.GATEWAY),
        ("1011", Scope.GATEWAY),
    ],
)
async def test_a_known_refusal_says_what_it_is_about(code: str, scope: Scope) -> None:
    outcome, _ = await sent(lambda _: said(code))
    assert outcome == Rejected(code=code, scope=scope)


@pytest.mark.parametrize(
    "answer",
    [
        said("1999"),
        said("1000", status=500),
        httpx.Response(200, text="OK"),
        httpx.Response(200, json=["1000"]),
        httpx.Response(502, text="<html>"),
        httpx.Response(200, json={"status_code": None}),
    ],
)
async def test_what_is_not_a_known_code_is_unknown(answer: httpx.Response) -> None:
    outcome, _ = await sent(lambda _: answer)
    assert isinstance(outcome, Unknown)


async def test_a_code_may_come_as_a_number() -> None:
    outcome, _ = await sent(lambda _: httpx.Response(200, json={"status_code": 1000}))
    assert outcome == Submitted(provider_ref=None)


def _raises(error: Exception) -> Answers:
    def answer(_request: httpx.Request) -> httpx.Response:
        raise error

    return answer


async def test_what_never_connected_was_not_sent() -> None:
    outcome, _ = await sent(_raises(httpx.ConnectError("refused")))
    assert outcome == Rejected(code="unreachable", scope=Scope.MOMENT)


async def test_silence_after_sending_is_unknown_and_asked_about_by_nobody() -> None:
    outcome, seen = await sent(_raises(httpx.ReadTimeout("silence")))
    assert outcome == Unknown(code="no_answer")
    assert len(seen) == 1


async def test_no_outcome_and_no_message_prints_secret_number_or_text() -> None:
    outcomes = [
        (await sent(_raises(error)))[0]
        for error in (httpx.ReadTimeout("password=x"), httpx.ConnectError("msisdn=254700000001"))
    ]
    printed = f"{outcomes} {MESSAGE!r} {SETTINGS!r}"
    for secret in ("canary-key", "254700000001", "424242", hashlib.md5(b"canary-key").hexdigest()):
        assert secret not in printed


async def test_messages_leave_no_faster_than_the_account_takes_them() -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(round(seconds, 3))

    paced = SETTINGS.model_copy(update={"pace": 10.0})
    rail = httpx.MockTransport(lambda _: said("1000"))
    client = AirTouch(paced, transport=rail, clock=lambda: 5.0, sleep=sleep)
    for _ in range(3):
        await client.send(MESSAGE)
    await client.aclose()
    assert waits == [0.1, 0.2]


async def test_the_body_is_json_of_any_order() -> None:
    body = json.dumps({"status_desc": "SUCCESS", "status_code": "1000", "message_id": 12})
    outcome, _ = await sent(lambda _: httpx.Response(200, text=body))
    assert outcome == Submitted(provider_ref="12")
