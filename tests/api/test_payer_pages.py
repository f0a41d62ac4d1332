"""The payer's page, by plain forms: what it asks for is what the API would have accepted."""

import re
from typing import Any

from models import ids
from providers.airtel.provider import PROVIDER as AIRTEL
from providers.airtel.settings import AirtelSettings
from tests.api.conftest import ready
from tests.api.page_world import Browser, moved, path_of, session

PHONE = "0712 000 001"


async def test_a_session_tells_the_address_of_its_page(world: Any) -> None:
    made, _browser, page = await session(world, description="Two bags of maize")
    assert made["url"].startswith("http://127.0.0.1:8080/pay/")
    assert page.status == 200
    assert page.heading == "Your payment"
    assert "to Acme · Two bags of maize" in page.text
    assert "M-Pesa" in page.text
    assert "MTN" not in page.text  # it carries XAF


async def test_a_form_rings_the_phone_once_and_the_page_says_what_to_do(world: Any) -> None:
    made, browser, page = await session(world)
    page = await browser.send(page, phone=PHONE)
    assert page.heading == "Check your phone"
    assert "We are asking M-Pesa for KES 1,250.00 from +2547…001" in page.text
    assert "enter your M-Pesa PIN" in page.text
    await world.dispatcher.drain()
    [start] = world.dispatcher.started
    assert start.workflow_id == made["id"]
    assert world.sql("select provider, number from attempts where org_id = %s", world.org) == [
        ("mpesa", 1)
    ]


async def test_the_same_form_sent_again_asks_nobody_again(world: Any) -> None:
    _made, browser, page = await session(world)
    await browser.send(page, phone=PHONE)
    again = await browser.send(page, phone=PHONE)
    assert (again.status, world.count("attempts")) == (409, 1)
    assert "Something has changed" in again.text


async def test_while_the_outcome_is_unknown_there_is_no_form_to_pay_again(world: Any) -> None:
    made, browser, page = await session(world)
    await browser.send(page, phone=PHONE)
    moved(world, made, "unknown", "unknown")
    unknown = await browser.open(made["url"])
    assert unknown.heading == "Do not pay again"
    assert unknown.forms == []
    assert "wait=1" in unknown.links["Look again"]
    forced = await browser.http.post(
        page.forms[0]["action"], data={**page.fields[0], "phone": PHONE}
    )
    assert (forced.status_code, world.count("attempts")) == (409, 1)


async def test_after_a_definite_failure_another_try_is_offered_with_the_reason(world: Any) -> None:
    made, browser, page = await session(world)
    await browser.send(page, phone=PHONE)
    moved(world, made, "failed", "requires_payment_method", reason="wrong_pin")
    failed = await browser.open(made["url"])
    assert "No money was taken. The PIN was wrong." in failed.text
    again = await browser.send(failed, phone=PHONE)
    assert (again.heading, world.count("attempts")) == ("Check your phone", 2)


async def test_whoever_waits_for_long_is_helped_and_told_whom_to_ask(world: Any) -> None:
    await world.http.put("/v1/profile", json={"name": "Duka", "complaint_phone": "0711 000 111"})
    made, browser, page = await session(world)
    soon = await browser.send(page, 0, phone=PHONE)
    world.sql(
        "update attempts set created_at = now() - interval '1 minute' where org_id = %s", world.org
    )
    late = await browser.open(made["url"])
    told = ("<details open>", "Still waiting. You may close this page")
    assert [part in soon.html for part in told] == [False, False]
    assert [part in late.html for part in told] == [True, True]
    assert "wait=1" in late.links["Look again"]
    assert "Questions? Duka: 0711 000 111" in late.text


async def test_a_page_of_the_provider_is_offered_as_a_link(world: Any) -> None:
    made, browser, page = await session(world)
    await browser.send(page, phone=PHONE)
    moved(
        world, made, "awaiting_customer", "requires_action", redirect_url="https://pay.x/1?a=1&b=2"
    )
    page = await browser.open(made["url"])
    assert page.heading == "Go on at M-Pesa"
    assert page.links["Go on to M-Pesa"] == "https://pay.x/1?a=1&b=2"


async def test_a_form_that_is_forged_or_from_elsewhere_asks_nobody(world: Any) -> None:
    made, browser, page = await session(world)
    action = page.forms[0]["action"]
    forged = await browser.http.post(action, data={"form": "0" * 32, "phone": PHONE})
    sent = {**page.fields[0], "phone": PHONE}
    foreign = await browser.http.post(action, data=sent, headers={"sec-fetch-site": "cross-site"})
    assert (forged.status_code, foreign.status_code) == (409, 409)
    assert world.count("attempts") == 0
    assert (await browser.open(made["url"])).heading == "Your payment"


async def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: Any) -> None:
    _made, browser, page = await session(world)
    for phone, told in (("", "Enter your phone number"), ("0712", "not a phone number")):
        wrong = await browser.send(page, phone=phone, email="a@shop.example", method="mpesa")
        assert wrong.status == 422
        assert told in wrong.text
        assert wrong.fields[0]["email"] == "a@shop.example"
    mail = await browser.send(page, phone=PHONE, email="nobody")
    assert "not an e-mail address" in mail.text
    assert world.count("attempts") == 0


async def test_a_card_number_is_refused_and_not_repeated(world: Any) -> None:
    _made, browser, page = await session(world)
    answer = await browser.send(page, phone="4111 1111 1111 1111")
    assert (answer.status, world.count("attempts")) == (422, 0)
    assert "Never write a card number" in answer.text
    assert "4111" not in answer.html


async def test_canceling_ends_an_open_session_and_leads_back_to_the_merchant(world: Any) -> None:
    made, browser, page = await session(world, cancel_url="https://shop.example/basket?a=1")
    ended = await browser.send(page, form=1)
    assert ended.heading == "Canceled"
    assert "kauri_status=canceled" in ended.links["Back to Acme"]
    told = await world.http.get(f"/v1/checkouts/{made['id']}")
    assert told.json()["status"] == "canceled"


async def test_nobody_reads_a_page_with_another_tag(world: Any) -> None:
    made, browser, _page = await session(world)
    owner = made["url"].rpartition("/")[2].partition(".")[0]
    other = await browser.open(f"/pay/{owner}.{'0' * 32}")
    unknown = await browser.open(f"/pay/{ids.uuid7().hex}.{'0' * 32}")
    short = await browser.open("/pay/nothing")
    assert [one.status for one in (other, unknown, short)] == [404, 404, 404]
    assert other.heading == "There is no such page"


async def test_the_number_of_a_phone_is_asked_for_money_only_so_often(world: Any) -> None:
    for _ in range(5):
        _made, browser, page = await session(world)
        assert (await browser.send(page, phone=PHONE)).heading == "Check your phone"
    _made, browser, page = await session(world)
    sixth = await browser.send(page, phone=PHONE)
    assert (sixth.status, "asked too often" in sixth.text) == (422, True)


async def test_a_session_is_asked_for_only_so_often(world: Any) -> None:
    made = await world.created()
    browser = Browser(world)
    pages = [await browser.open(made["url"]) for _ in range(60)]
    assert {one.status for one in pages} == {200, 429}
    assert pages[-1].heading in {"Too many tries", "Your payment"}


async def test_a_number_of_another_operator_is_asked_about_once(world: Any) -> None:
    with_airtel(world)
    _made, browser, page = await session(world)
    asked = await browser.send(page, 0, phone="0733 000 001", method="mpesa")
    assert asked.status == 422
    assert "This number looks like Airtel Money." in asked.text
    assert asked.fields[0]["method"] == "mpesa"
    ported = await browser.send(asked, 0, phone="0733 000 001")
    assert ported.heading == "Check your phone"
    assert world.sql("select provider from attempts where org_id = %s", world.org) == [("mpesa",)]


async def test_the_number_alone_tells_the_method(world: Any) -> None:
    with_airtel(world)
    for number, method in (("0733 000 001", "airtel"), ("+254712000001", "mpesa")):
        made, browser, page = await session(world)
        action, form = page.forms[0]["action"], page.fields[0]["form"]
        told = await browser.http.post(
            action.replace("?", "/operator?"), data={"form": form, "phone": number}
        )
        assert told.json() == {"method": method}
        await browser.send(page, 0, phone=number)
        paid = await world.http.get(f"/v1/checkouts/{made['id']}")
        assert paid.json()["payment"]["latest_attempt"]["method"] == method


def with_airtel(world: Any) -> None:
    """A second method for shillings."""
    settings = AirtelSettings(client_id="c", client_secret="s", country="KE", currency="KES")
    world.parts.providers["airtel"] = ready(AIRTEL, settings)


async def test_a_method_that_is_down_is_waited_for_only_if_the_payer_agrees(world: Any) -> None:
    _made, browser, page = await session(world)
    break_down(world, "mpesa")
    refused = await browser.send(page, 0, phone=PHONE, method="mpesa")
    assert (refused.status, "M-Pesa does not work right now" in refused.text) == (422, True)
    assert world.count("attempts") == 0
    assert "we ask your phone as soon as it works again" in refused.text
    queued = await browser.send(refused, 0, phone=PHONE, method="wait:mpesa")
    assert queued.heading == "M-Pesa does not work right now"
    assert "Nothing was sent and nothing was taken." in queued.text
    assert world.sql("select provider from rail_queue") == [("mpesa",)]


def break_down(world: Any, provider: str) -> None:
    """What outages writes when a rail opens its circuit."""
    world.sql(
        "insert into rail_health (provider, country, operation, state) values (%s, 'KE',"
        " 'collect', 'open')",
        provider,
    )


async def test_every_page_forbids_what_it_does_not_need(world: Any) -> None:
    made = await world.created()
    browser = Browser(world)
    answers = [await browser.http.get(path_of(made["url"])), await browser.http.get("/pay/nobody")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert "set-cookie" not in answer.headers
        assert not re.search(r"<style|style=|<script>|javascript:| on[a-z]+=", answer.text)


async def test_whatever_a_merchant_writes_is_text_and_nothing_else(world: Any) -> None:
    made, _browser, page = await session(world, description="<script>alert(1)</script>&\"'")
    assert "<script>alert" not in page.html
    assert "<script>alert(1)</script>&\"'" in page.text
    assert made["description"] == "<script>alert(1)</script>&\"'"


async def test_assets_may_be_kept_for_ever_under_an_address_of_what_they_hold(world: Any) -> None:
    _made, browser, page = await session(world)
    assets = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page.html)
    assert len(assets) == 3
    for address in assets:
        answer = await browser.http.get(address)
        assert (answer.status_code, "immutable" in answer.headers["cache-control"]) == (200, True)


async def test_news_are_told_by_asking_and_tell_nothing_else(world: Any) -> None:
    made, browser, page = await session(world, metadata={"secret": "basket"})
    before = (await browser.http.get(path_of(f"{made['url']}/status"))).json()
    await browser.send(page, 0, phone=PHONE)
    after = (await browser.http.get(path_of(f"{made['url']}/status"))).json()
    assert before.keys() == after.keys() == {"seen"}
    assert before != after
    world.sql("update checkouts set state = 'canceled' where org_id = %s", world.org)
    stream = await browser.http.get(path_of(f"{made['url']}/stream"))
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert b"basket" not in stream.content
