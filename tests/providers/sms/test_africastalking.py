"""Africa's Talking: the form, the table of codes, and reports that only move forward."""

from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from models.messages import MessageState
from providers.messaging import Outgoing, Rejected, Scope, Sent, Submitted, Unknown
from providers.sms.africastalking import AfricasTalking
from providers.sms.reports import GATEWAY, DeliveryReport, read_report
from providers.sms.settings import AfricasTalkingSettings

SETTINGS = AfricasTalkingSettings(
    base_url="http://gateway", username="kauri", api_key=SecretStr("canary-key"), sender="KAURI"
)
MESSAGE = Outgoing(id="msg_1", to="254700000001", text="hujambo")


def recipient(code: int, named: str = "ATXid_1") -> httpx.Response:
    one = {"statusCode": code, "number": "+254700000001", "status": "?", "messageId": named}
    return taken([one])


def taken(recipients: Any, message: str = "Sent to 1/1") -> httpx.Response:
    body = {"SMSMessageData": {"Message": message, "Recipients": recipients}}
    return httpx.Response(201, json=body)


async def sent(answer: httpx.Response | Exception, sender: str = "KAURI") -> Sent:
    def rail(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    requests.clear()
    settings = SETTINGS.model_copy(update={"sender": sender})
    client = AfricasTalking(settings, transport=httpx.MockTransport(rail))
    outcome = await client.send(MESSAGE)
    await client.aclose()
    return outcome


requests: list[httpx.Request] = []


async def test_a_message_is_a_form_and_json_is_asked_for() -> None:
    assert await sent(recipient(101)) == Submitted(provider_ref="ATXid_1")
    (request,) = requests
    assert (request.method, request.url.path) == ("POST", "/version1/messaging")
    assert request.headers["apikey"] == "canary-key"
    assert request.headers["accept"] == "application/json"
    assert dict(parse_qsl(request.content.decode())) == {
        "username": "kauri",
        "to": "+254700000001",
        "message": "hujambo",
        "bulkSMSMode": "1",
        "from": "KAURI",
    }


async def test_without_a_sender_none_is_named() -> None:
    await sent(recipient(100), sender="")
    assert "from" not in dict(parse_qsl(requests[0].content.decode()))


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        (401, Scope.MESSAGE),
        (402, Scope.MESSAGE),
        (403, Scope.ADDRESS),
        (404, Scope.ADDRESS),
        (405, Scope.GATEWAY),
        (406, Scope.ADDRESS),
        (407, Scope.MESSAGE),
        (409, Scope.ADDRESS),
        (501, Scope.MOMENT),
        (502, Scope.MESSAGE),
    ],
)
async def test_a_refused_recipient_says_what_it_is_about(code: int, scope: Scope) -> None:
    assert await sent(recipient(code, "None")) == Rejected(code=str(code), scope=scope)


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("InvalidSenderId", Rejected(code="402", scope=Scope.MESSAGE)),
        ("Insufficient balance", Rejected(code="405", scope=Scope.GATEWAY)),
        ("", Rejected(code="no_recipients", scope=Scope.MESSAGE)),
    ],
)
async def test_an_empty_list_of_recipients_is_a_refusal(message: str, outcome: Sent) -> None:
    assert await sent(taken([], message)) == outcome


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (
            httpx.Response(401, text="The supplied authentication is invalid"),
            Rejected(code="http_401", scope=Scope.GATEWAY),
        ),
        (httpx.Response(400, text="bad"), Rejected(code="http_400", scope=Scope.MESSAGE)),
        (httpx.Response(429), Rejected(code="http_429", scope=Scope.MOMENT)),
        (httpx.Response(503, text="down"), Unknown(code="http_503")),
        (httpx.Response(201, text="<AfricasTalkingResponse/>"), Unknown(code="http_201")),
        (recipient(500, "None"), Unknown(code="500")),
        (httpx.ConnectError("no"), Rejected(code="unreachable", scope=Scope.MOMENT)),
        (httpx.ReadTimeout("silence"), Unknown(code="no_answer")),
    ],
)
async def test_every_other_answer_has_its_meaning(
    answer: httpx.Response | Exception, outcome: Sent
) -> None:
    assert await sent(answer) == outcome


async def test_a_success_may_name_nothing() -> None:
    assert await sent(recipient(102, "None")) == Submitted(provider_ref=None)


@pytest.mark.parametrize(
    ("form", "report"),
    [
        (b"id=ATX&status=Success", ("ATX", MessageState.DELIVERED, None)),
        (b"id=ATX&status=Buffered", ("ATX", MessageState.SUBMITTED, None)),
        (
            b"id=ATX&status=Failed&failureReason=UserInBlackList",
            ("ATX", MessageState.FAILED, "UserInBlackList"),
        ),
        (b"id=ATX&status=Expired", ("ATX", MessageState.FAILED, "Expired")),
    ],
)
def test_a_report_names_its_message_and_where_it_stands(
    form: bytes, report: tuple[str, MessageState, str | None]
) -> None:
    named, state, code = report
    expected = DeliveryReport(gateway=GATEWAY, provider_ref=named, state=state, code=code)
    assert read_report(form) == expected


@given(st.binary(max_size=400))
def test_anything_else_is_no_report_and_breaks_nothing(body: bytes) -> None:
    report = read_report(body)
    assert report is None or report.provider_ref


def test_a_report_without_id_or_with_a_strange_status_is_none() -> None:
    bodies = (b"status=Success", b"id=ATX&status=Hmm", b"id=&status=Success", b"x" * 300_000)
    assert [read_report(body) for body in bodies] == [None] * 4
