"""AirTouch and Africa's Talking as they speak, one inbox, and our clients against both."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from providers.messaging import Outgoing, Rejected, Scope, Sent, Submitted, Unknown
from providers.sms.africastalking import AfricasTalking
from providers.sms.airtouch import AirTouch
from providers.sms.settings import AfricasTalkingSettings, AirTouchSettings
from simulators.server import running, serving
from simulators.settings import Settings
from tests.simulators.peers import Listener

pytestmark = pytest.mark.asyncio(loop_scope="module")

PHONE = "254712000111"
MD5 = hashlib.md5(b"sim-airtouch-key").hexdigest()
QUERY = {
    "issn": "KAURI",
    "msisdn": PHONE,
    "text": "hello",
    "username": "sim-airtouch",
    "password": MD5,
    "sms_id": "msg_1",
}
FORM = {"username": "sandbox", "to": f"+{PHONE}", "message": "hello", "from": "KAURI"}
KEY = {"apiKey": "sim-africastalking-key"}
JSON = {**KEY, "Accept": "application/json"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address() -> AsyncIterator[str]:
    async with running(Settings(speed=0.05)) as address:
        yield address


@pytest_asyncio.fixture(loop_scope="module")
async def http(address: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=address, trust_env=False) as client:
        for what in ("airtouch", "africastalking", "messages"):
            await client.post(f"/control/{what}/reset")
        for gateway in ("airtouch", "africastalking"):
            order = {"gateway": gateway, "units": 100, "senders": ["KAURI"], "report_url": ""}
            await client.post("/control/messages/accounts", json=order)
        yield client


async def inbox(http: httpx.AsyncClient, to: str = PHONE) -> list[dict[str, Any]]:
    answer = await http.get("/control/messages/inbox", params={"to": to})
    texts: list[dict[str, Any]] = answer.json()
    return texts


async def airtouch(http: httpx.AsyncClient, **changes: str) -> dict[str, str]:
    answer = await http.get("/airtouch/sms/api/", params={**QUERY, **changes})
    said: dict[str, str] = answer.json()
    return said


async def recipient(http: httpx.AsyncClient, **changes: str) -> dict[str, Any]:
    answer = await http.post(
        "/africastalking/version1/messaging", data={**FORM, **changes}, headers=JSON
    )
    assert answer.status_code == 201
    (one,) = answer.json()["SMSMessageData"]["Recipients"]
    return dict(one)


async def test_a_text_arrives_and_costs_its_parts(http: httpx.AsyncClient) -> None:
    said = await airtouch(http, text="x" * 200)
    (text,) = await inbox(http)
    accounts = (await http.get("/control/messages/accounts")).json()
    assert (said["status_code"], said["status_desc"]) == ("1000", "SUCCESS")
    assert (text["via"], text["sender"], text["reference"]) == ("airtouch", "KAURI", "msg_1")
    assert accounts["airtouch"]["units"] == 98


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"username": "who"}, "1011"),
        ({"password": "sim-airtouch-key"}, "1006"),
        ({"issn": "Kauri"}, "1001"),
        ({"msisdn": "0712000111"}, "1003"),
        ({"msisdn": "254711001004"}, "1004"),
        ({"msisdn": "254711001001"}, "1001"),
    ],
)
async def test_airtouch_refuses_in_its_own_codes(
    http: httpx.AsyncClient, changes: dict[str, str], code: str
) -> None:
    assert (await airtouch(http, **changes))["status_code"] == code
    assert await inbox(http, changes.get("msisdn", PHONE)) == []


async def test_an_empty_account_sends_nothing(http: httpx.AsyncClient) -> None:
    for gateway in ("airtouch", "africastalking"):
        order = {"gateway": gateway, "units": 0}
        await http.post("/control/messages/accounts", json=order)
    assert (await airtouch(http))["status_code"] == "1004"
    assert (await recipient(http))["statusCode"] == 405
    assert await inbox(http) == []


async def test_the_same_id_twice_is_two_messages(http: httpx.AsyncClient) -> None:
    for _ in range(2):
        await airtouch(http)
    assert len(await inbox(http)) == 2


async def test_africas_talking_answers_xml_unless_json_is_asked_for(
    http: httpx.AsyncClient,
) -> None:
    path = "/africastalking/version1/messaging"
    xml = await http.post(path, data=FORM, headers={**KEY, "Accept": "*/*"})
    said = await recipient(http)
    assert (xml.status_code, xml.headers["content-type"]) == (201, "application/xml")
    assert xml.text.startswith("<AfricasTalkingResponse>")
    assert (said["statusCode"], said["messageId"][:6]) == (101, "ATXid_")


async def test_a_wrong_key_is_a_401_in_plain_text(http: httpx.AsyncClient) -> None:
    path = "/africastalking/version1/messaging"
    answer = await http.post(path, data=FORM, headers={"apiKey": "no"})
    assert (answer.status_code, "authentication is invalid" in answer.text) == (401, True)


async def test_an_unregistered_sender_leaves_no_recipient(http: httpx.AsyncClient) -> None:
    path = "/africastalking/version1/messaging"
    answer = await http.post(path, data={**FORM, "from": "OTHER"}, headers=JSON)
    assert answer.json()["SMSMessageData"] == {"Message": "InvalidSenderId", "Recipients": []}


@pytest.mark.parametrize("code", [403, 404, 405, 406, 407, 501])
async def test_magic_numbers_are_refused_by_what_they_end_with(
    http: httpx.AsyncClient, code: int
) -> None:
    said = await recipient(http, to=f"+254711000{code}")
    assert (said["statusCode"], said["messageId"]) == (code, "None")


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [
        ("paid", ["Success"]),
        ("duplicate_callback", ["Success", "Success"]),
        ("out_of_order_callback", ["Success", "Sent"]),
    ],
)
async def test_reports_come_late_twice_and_out_of_order(
    http: httpx.AsyncClient, fault: str, statuses: list[str]
) -> None:
    listener = Listener()
    async with serving(listener) as address:
        order = {"gateway": "africastalking", "report_url": f"{address}/in/sm1/x"}
        await http.post("/control/messages/accounts", json=order)
        await http.post(
            "/control/africastalking/faults", json={"operation": "callback", "fault": fault}
        )
        said = await recipient(http)
        heard = await listener.hear("/in/sm1/x", len(statuses))
    forms = [dict(parse_qsl(one.raw.decode())) for one in heard]
    assert [form["status"] for form in forms] == statuses
    assert {form["id"] for form in forms} == {said["messageId"]}


def clients(address: str, deadline: float) -> tuple[AirTouch, AfricasTalking]:
    """Ours, with so many seconds of patience."""
    one = AirTouchSettings(
        base_url=f"{address}/airtouch",
        username="sim-airtouch",
        api_key=SecretStr("sim-airtouch-key"),
        sender="KAURI",
        call_deadline=deadline,
    )
    two = AfricasTalkingSettings(
        base_url=f"{address}/africastalking",
        username="sandbox",
        api_key=SecretStr("sim-africastalking-key"),
        sender="KAURI",
        call_deadline=deadline,
    )
    return AirTouch(one), AfricasTalking(two)


async def by_both(address: str, deadline: float = 10.0) -> list[Sent]:
    message = Outgoing(id="msg_7", to=PHONE, text="habari")
    both = clients(address, deadline)
    outcomes = await asyncio.gather(*[client.send(message) for client in both])
    for client in both:
        await client.aclose()
    return list(outcomes)


async def test_our_clients_are_understood_by_both(http: httpx.AsyncClient, address: str) -> None:
    outcomes = await by_both(address)
    assert all(isinstance(one, Submitted) and one.provider_ref for one in outcomes)
    assert [text["text"] for text in await inbox(http)] == ["habari", "habari"]


@pytest.mark.parametrize("fault", ["lost_answer", "reset_mid_body", "error_after_accept"])
async def test_a_message_taken_without_an_answer_is_unknown_to_us(
    http: httpx.AsyncClient, address: str, fault: str
) -> None:
    for gateway in ("airtouch", "africastalking"):
        await http.post(f"/control/{gateway}/settings", json={"hang_seconds": 60})
        await http.post(f"/control/{gateway}/faults", json={"fault": fault})
    outcomes = await by_both(address, deadline=1.0)
    assert [type(one) for one in outcomes] == [Unknown, Unknown]
    assert len(await inbox(http)) == 2


async def test_a_gateway_that_is_down_may_have_sent_nothing_or_something(
    http: httpx.AsyncClient, address: str
) -> None:
    for gateway in ("airtouch", "africastalking"):
        await http.post(f"/control/{gateway}/down", json={"down": True})
    outcomes = await by_both(address)
    for gateway in ("airtouch", "africastalking"):
        await http.post(f"/control/{gateway}/down", json={"down": False})
    assert outcomes == [Unknown(code="http_503"), Unknown(code="http_503")]
    assert await inbox(http) == []


async def test_nobody_at_the_port_was_sent_nothing() -> None:
    outcomes = await by_both("http://127.0.0.1:9")
    assert outcomes == [Rejected(code="unreachable", scope=Scope.MOMENT)] * 2
