"""Payment links: one session per use, and a link for one payment is paid once whoever opens it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from models import ids
from tests.api.page_world import Browser, Page
from tests.workflows.waiting import WAITS_FOR_A_LOCK, until

FIXED = {"amount": 50_000, "currency": "KES", "reference": "stall", "description": "One bag"}
OPEN = {"currency": "KES", "reference": "gift", "smallest": 10_000, "largest": 90_000}


async def linked(world: Any, **body: Any) -> dict[str, Any]:
    headers = {"idempotency-key": ids.mint("idem")}
    made = await world.http.post("/v1/payment_links", json=body, headers=headers)
    assert made.status_code == 201, made.text
    return dict(made.json())


async def used(world: Any, link: dict[str, Any], **fields: str) -> tuple[str, Page]:
    """The link opened and used by somebody; the path of the session's page."""
    browser = Browser(world)
    page = await browser.send(await browser.open(link["url"]), 0, **fields)
    return browser.at, page


async def test_a_link_shows_its_amount_and_makes_a_session_only_when_used(world: Any) -> None:
    link = await linked(world, **FIXED)
    page = await Browser(world).open(link["url"])
    assert "KES 500.00 to Acme · One bag" in page.text
    assert world.count("checkouts") == 0
    _path, session = await used(world, link)
    assert session.heading == "Your payment"
    [checkout] = (await world.http.get("/v1/checkouts")).json()["data"]
    assert (checkout["reference"], checkout["metadata"]) == ("stall", {"payment_link": link["id"]})


async def test_a_link_for_many_makes_one_session_each_with_a_number(world: Any) -> None:
    link = await linked(world, **FIXED, uses="many")
    paths = {(await used(world, link))[0] for _ in range(3)}
    assert len(paths) == 3
    told = (await world.http.get("/v1/checkouts")).json()["data"]
    assert sorted(one["reference"] for one in told) == ["stall-1", "stall-2", "stall-3"]
    read = await world.http.get(f"/v1/payment_links/{link['id']}")
    assert read.json()["used"] == 3


async def test_a_link_for_one_payment_has_one_session_however_many_open_it(world: Any) -> None:
    link = await linked(world, **FIXED)
    opened = await asyncio.gather(*[used(world, link) for _ in range(5)])
    assert {path for path, _page in opened} == {opened[0][0]}
    assert world.count("checkouts") == 1


async def test_a_paid_link_says_so_and_makes_no_other_session(world: Any) -> None:
    link = await linked(world, **FIXED)
    before = await Browser(world).open(link["url"])
    await used(world, link)
    world.sql("update checkouts set state = 'complete' where org_id = %s", world.org)
    late = await Browser(world).send(before)
    assert (late.status, late.heading) == (409, "This link has been paid")
    assert (await Browser(world).open(link["url"])).heading == "This link has been paid"
    assert world.count("checkouts") == 1


async def test_a_session_that_ended_unpaid_gives_its_link_back(world: Any) -> None:
    link = await linked(world, **FIXED)
    first, _page = await used(world, link)
    world.sql("update checkouts set state = 'canceled' where org_id = %s", world.org)
    world.sql("update payments set status = 'canceled' where org_id = %s", world.org)
    second, page = await used(world, link)
    assert first != second
    assert page.heading == "Your payment"


@pytest.mark.parametrize("typed", ["", "abc", "99", "900.01", "1e9", "1e999999", "NaN"])
async def test_an_amount_outside_the_bounds_is_asked_for_again(world: Any, typed: str) -> None:
    _path, page = await used(world, await linked(world, **OPEN), amount=typed)
    assert (page.status, "from KES 100.00 to KES 900.00" in page.text) == (422, True)
    assert world.count("checkouts") == 0


async def test_one_source_uses_a_link_only_so_often(world: Any) -> None:
    link = await linked(world, **FIXED, uses="many")
    page = await Browser(world).open(link["url"])
    answers = [await Browser(world).send(page) for _ in range(12)]
    assert {one.status for one in answers} == {200, 429}


async def test_an_open_amount_is_the_payers_within_its_bounds(world: Any) -> None:
    link = await linked(world, **OPEN)
    _path, page = await used(world, link, amount="1 00.50")
    assert "KES 100.50 to Acme" in page.text
    _path, page = await used(world, link, amount="250")
    assert "KES 250.00 to Acme" in page.text
    states = world.sql("select state from checkouts where org_id = %s order by id", world.org)
    assert states == [("canceled",), ("open",)]


async def test_another_amount_ends_no_session_whose_payer_is_just_confirming_it(
    world: Any,
) -> None:
    link = await linked(world, **OPEN)
    waits, _page = await used(world, link, amount="250")
    with psycopg.connect(world.urls.admin) as confirming:
        confirming.execute(
            "update checkouts set state = 'processing' where org_id = %s", [world.org]
        )
        other = asyncio.create_task(used(world, link, amount="300"))
        await until(lambda: bool(world.sql(WAITS_FOR_A_LOCK)), lambda: "it did not wait")
    assert (await other)[0] == waits
    assert world.count("payment_link_uses") == 1
    asked = world.sql("select cancel_requested_at from checkouts where org_id = %s", world.org)
    assert asked == [(None,)]


async def test_a_link_that_is_off_or_over_makes_nothing(world: Any) -> None:
    off, over = await linked(world, **FIXED), await linked(world, **FIXED)
    stopped = await world.http.post(f"/v1/payment_links/{off['id']}/deactivate")
    past = datetime.now(UTC) - timedelta(seconds=1)
    page = await Browser(world).open(over["url"])
    world.sql(
        "update payment_links set expires_at = %s where id = %s",
        past,
        ids.parsed(ids.LINK, over["id"]),
    )
    assert stopped.json()["active"] is False
    assert (await Browser(world).send(page)).heading == "This link is no longer in use"
    assert (await Browser(world).open(off["url"])).forms == []
    assert world.count("checkouts") == 0
    listed = await world.http.get("/v1/payment_links?active=true")
    assert [one["id"] for one in listed.json()["data"]] == [over["id"]]


async def test_a_reference_the_merchant_uses_elsewhere_does_not_block_its_link(world: Any) -> None:
    await world.created(reference="stall")
    _path, page = await used(world, await linked(world, **FIXED))
    assert page.heading == "Your payment"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"amount": 5, "smallest": 1}, "/smallest"),
        ({"smallest": 9, "largest": 1}, "/largest"),
        ({"currency": "XXX"}, "/currency"),
        ({"success_url": "javascript:alert(1)"}, "/success_url"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-23:59"}, "/expires_at"),
    ],
)
async def test_a_link_that_could_not_be_paid_is_refused(
    world: Any, body: dict[str, Any], field: str
) -> None:
    headers = {"idempotency-key": ids.mint("idem")}
    sent = {"currency": "KES", "reference": "r", **body}
    refused = await world.http.post("/v1/payment_links", json=sent, headers=headers)
    assert (refused.status_code, refused.json()["param"]) == (400, field)


async def test_the_code_of_a_link_is_an_image_of_its_address(world: Any) -> None:
    link = await linked(world, **FIXED)
    code = await world.http.get(f"/v1/payment_links/{link['id']}/qr")
    assert code.headers["content-type"] == "image/svg+xml"
    assert b"<title>One bag</title>" in code.content
    assert len(code.content) < 8_000
