"""Messages as their organisation sees them: masked, filtered, counted, reported on."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from activities import message_rows
from activities.messages import sealed
from api.keys import MESSAGES_READ
from models import ids
from models.ids import PLATFORM_ORG
from models.messages import Notice

PHONE, MAILBOX = "254700000001", "amina@umoja.example"
POSTED, TOPPED_UP = ids.mint(ids.COLLECTION), ids.mint(ids.TOPUP)
FACTS = {"amount": "KES 500.00", "receipt": "SBX1", "account": "000123", "balance": "KES 9.00"}


async def told(world: Any, key: str = f"{POSTED}/posted", **changes: Any) -> None:
    known = {"event": "repayment_posted", "to_phone": PHONE, "to_email": MAILBOX, "facts": FACTS}
    notice = Notice(key=key, **{**known, **changes})
    parts = world.parts
    letter = await sealed(parts.vault, world.org, livemode=False, notice=notice)
    async with parts.database.scoped(world.org, False) as connection:
        await message_rows.queue(connection, letter)


def reader(world: Any) -> httpx.AsyncClient:
    client: httpx.AsyncClient = world.client(world.make_key(scopes=(MESSAGES_READ,)))
    return client


def report_path(world: Any, owner: Any = PLATFORM_ORG) -> str:
    secret = world.parts.settings.callback_secret
    return ids.callback_path(ids.shown(ids.ORG, owner), "sm1", secret)


async def report(world: Any, path: str, **form: str) -> httpx.Response:
    answer: httpx.Response = await world.client().post(path, content=urlencode(form))
    return answer


async def test_a_message_shows_neither_what_it_says_nor_whom_it_reaches(world: Any) -> None:
    await told(world)
    answer = await reader(world).get("/v1/messages", params={"channel": "sms"})
    (shown,) = answer.json()["data"]
    assert (shown["object"], shown["status"], shown["to"]) == ("message", "queued", "…001")
    assert (shown["about"], shown["segments"]) == (POSTED, 1)
    for hidden in (PHONE, MAILBOX, "SBX1", "000123"):
        assert hidden not in answer.text


async def test_messages_are_found_by_whole_address_subject_event_and_status(world: Any) -> None:
    await told(world)
    await told(world, key=f"{TOPPED_UP}/credited", to_phone="254700000002", to_email=None)
    client = reader(world)
    found = {
        name: len((await client.get("/v1/messages", params={name: value})).json()["data"])
        for name, value in {
            "to": f"+{PHONE}",
            "about": TOPPED_UP,
            "event": "repayment_posted",
            "status": "delivered",
        }.items()
    }
    assert found == {"to": 1, "about": 1, "event": 3, "status": 0}


async def test_the_report_counts_by_event_channel_gateway_and_status(world: Any) -> None:
    await told(world)
    world.sql(
        "update messages set state = 'delivered', gateway = 'airtouch', submitted_at = now()"
        " where org_id = %s and channel = 'sms'",
        world.org,
    )
    answer = (await reader(world).get("/v1/reports/messages")).json()
    assert answer["object"] == "message_report"
    assert [tuple(line.values()) for line in answer["data"]] == [
        ("repayment_posted", "email", None, "queued", 1, 0),
        ("repayment_posted", "sms", "airtouch", "delivered", 1, 1),
    ]


async def test_the_report_is_about_the_time_asked_for(world: Any) -> None:
    await told(world)
    now = datetime.now(UTC)
    asked = {
        "from": (now - timedelta(days=2)).isoformat(),
        "to": (now - timedelta(days=1)).isoformat(),
    }
    client = reader(world)
    past = await client.get("/v1/reports/messages", params=asked)
    backwards = await client.get(
        "/v1/reports/messages", params={"from": asked["to"], "to": asked["from"]}
    )
    assert past.json()["data"] == []
    assert (backwards.status_code, backwards.json()["errors"][0]["pointer"]) == (400, "query/from")


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("0001-01-01T00:00:00+14:00", "0001-02-01T00:00:00Z"),
        ("9999-12-31T00:00:00Z", "9999-12-31T23:59:59-14:00"),
        ("2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z"),
    ],
)
async def test_a_report_of_no_such_time_is_refused(world: Any, since: str, until: str) -> None:
    asked = {"from": since, "to": until}
    answer = await reader(world).get("/v1/reports/messages", params=asked)
    assert (answer.status_code, answer.json()["param"]) == (400, "query/from")


async def test_a_delivery_report_moves_a_message_forward(world: Any) -> None:
    await told(world, to_email=None)
    world.sql(
        "update messages set state = 'submitted', gateway = 'africastalking',"
        " provider_ref = 'ATX9' where org_id = %s",
        world.org,
    )
    path = report_path(world)
    for status in ("Success", "Failed", "Sent"):
        assert (await report(world, path, id="ATX9", status=status)).status_code == 200
    states = world.sql("select state from messages where org_id = %s", world.org)
    assert states == [("delivered",)]


async def test_a_report_on_a_path_that_is_not_ours_changes_nothing(world: Any) -> None:
    forged = report_path(world)[:-1] + ("0" if report_path(world)[-1] != "0" else "1")
    answers = [
        (await report(world, path, id="ATX1", status="Success")).status_code
        for path in (forged, "/in/sm1/short", report_path(world, ids.uuid7()))
    ]
    assert answers == [401, 404, 404]


async def test_what_cannot_be_read_is_answered_and_forgotten(world: Any) -> None:
    answer = await world.client().post(report_path(world), content=b"\xff\xfe")
    assert answer.status_code == 200
    assert world.sql("select count(*) from message_reports where provider_ref = ''") == [(0,)]


async def test_operators_see_a_gateway_that_rests_and_messages_that_wait(world: Any) -> None:
    await told(world)
    world.sql(
        "insert into gateway_health (gateway, troubles, open_until)"
        " values ('airtouch', 5, now() + interval '5 minutes'), ('smtp', 1, null)"
    )
    page = (await world.http.get("/metrics")).text
    assert 'kauri_gateway_resting{gateway="airtouch"} 1.0' in page
    assert 'kauri_gateway_resting{gateway="smtp"} 0.0' in page
    assert 'kauri_messages_last_day{channel="sms",state="queued"}' in page
