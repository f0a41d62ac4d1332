"""Looking: objects, lists, timelines, events, providers and streams."""

import asyncio
import json
from typing import Any

import pytest

from ledger.book import Book, Receipt
from ledger.postings import Arrival, checkout_settled
from models import ids
from models.fees import Fee
from models.money import Money

MPESA = {"method": "mpesa", "payer": {"phone": "+254700000001"}}


async def test_a_payment_whose_answer_was_lost_is_found_by_its_reference(world: Any) -> None:
    lost = await world.created(reference="o-77", confirm=MPESA)
    await world.created(reference="o-78")
    found = (await world.http.get("/v1/payments?reference=o-77")).json()
    assert found["data"] == [lost["payment"]]
    assert (found["has_more"], found["next_cursor"]) == (False, None)
    one = await world.http.get(f"/v1/payments/{lost['payment']['id']}")
    assert one.json() == lost["payment"]


async def test_a_list_is_walked_by_cursor_without_gaps_or_repeats(world: Any) -> None:
    made = [(await world.created())["id"] for _ in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await world.http.get(f"/v1/checkouts?limit=2{cursor}")).json()
        seen += [one["id"] for one in page["data"]]
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == list(reversed(made))


async def test_a_list_is_entered_at_an_id_from_both_sides(world: Any) -> None:
    made = [(await world.created())["id"] for _ in range(4)]
    after = (await world.http.get(f"/v1/checkouts?starting_after={made[2]}")).json()
    before = (await world.http.get(f"/v1/checkouts?ending_before={made[1]}&limit=1")).json()
    assert [one["id"] for one in after["data"]] == [made[1], made[0]]
    assert [one["id"] for one in before["data"]] == [made[2]]
    assert before["has_more"] is True


async def test_lists_are_filtered(world: Any) -> None:
    opened = await world.created(reference="o-1")
    running = await world.created(reference="o-2", confirm=MPESA)
    by_status = (await world.http.get("/v1/checkouts?status=processing")).json()["data"]
    by_reference = (await world.http.get("/v1/checkouts?reference=o-1")).json()["data"]
    early = (await world.http.get("/v1/checkouts?created_before=2020-01-01T00:00:00Z")).json()
    late = (await world.http.get(f"/v1/checkouts?created_after={opened['created_at']}")).json()
    assert [one["id"] for one in by_status] == [running["id"]]
    assert [one["id"] for one in by_reference] == [opened["id"]]
    assert early["data"] == []
    assert len(late["data"]) == 2


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "cursor=!!",
        "starting_after=pay_x",
        "status=lost",
        "created_after=yesterday",
        "reference=%00",
        f"cursor=AAAA&starting_after={ids.mint(ids.CHECKOUT)}",
    ],
)
async def test_a_wrong_query_is_a_problem(world: Any, query: str) -> None:
    answer = await world.http.get(f"/v1/checkouts?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("path", ["checkouts/cs_x", "payments/pay_%00", "events/evt_1", "nothing"])
async def test_what_is_not_there_is_not_found(world: Any, path: str) -> None:
    answer = await world.http.get(f"/v1/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_events_are_read_one_by_one_and_per_object(world: Any) -> None:
    first = await world.created()
    await world.created()
    payment = first["payment"]["id"]
    (event,) = (await world.http.get(f"/v1/events?object={payment}")).json()["data"]
    assert event["data"]["object"]["id"] == payment
    assert (await world.http.get(f"/v1/events/{event['id']}")).json() == event
    assert (await world.http.get("/v1/events?object=nonsense")).status_code == 400


async def test_methods_are_shown_with_their_limits(world: Any) -> None:
    methods = (await world.http.get("/v1/providers")).json()["data"]
    assert [(one["id"], one["title"], one["countries"]) for one in methods] == [
        ("mpesa", "M-Pesa", ["KE"]),
        ("momo", "MTN MoMo", ["CM"]),
    ]
    limits = {"currency": "KES", "minimum": 100, "maximum": 25_000_000, "step": 100}
    assert methods[0]["limits"] == [limits]


async def test_a_timeline_tells_causes_before_effects(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    attempt = checkout["payment"]["latest_attempt"]
    proof = add_evidence(world, attempt["id"])
    path = ids.callback_path(attempt["id"], "ke1", world.parts.settings.callback_secret)
    await world.client().post(path, json={"Body": {}})
    story = (await world.http.get(f"/v1/checkouts/{checkout['id']}/timeline")).json()
    kinds = [item["kind"] for item in story["data"]]
    assert kinds[0] == "request"
    assert {"request", "attempt", "evidence", "message", "transition", "event"} == set(kinds)
    by_kind = {item["kind"]: item for item in story["data"]}
    assert by_kind["attempt"]["our_reference"] == attempt["our_reference"]
    assert by_kind["evidence"]["evidence"] == proof
    assert by_kind["transition"]["actor"] == "shop"
    assert [item["at"] for item in story["data"]] == sorted(item["at"] for item in story["data"])
    other = await world.http.get(f"/v1/payments/{checkout['payment']['id']}/timeline")
    assert other.json() == story


async def test_a_timeline_shows_the_merchants_side_of_the_ledger(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    attempt = checkout["payment"]["latest_attempt"]["id"]
    await book(world, attempt, checkout["payment"]["id"])
    story = (await world.http.get(f"/v1/checkouts/{checkout['id']}/timeline")).json()
    (entry,) = [item for item in story["data"] if item["kind"] == "entry"]
    assert entry["entry"] == f"{attempt}/settled"
    assert [line["amount"] for line in entry["lines"] if line["side"] == "credit"] == [125_000]
    assert not any(line["account"].startswith("provider:") for line in entry["lines"])


async def test_a_stream_tells_every_change_and_ends_with_the_session(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    seen: list[dict[str, Any]] = []
    world.attempt_ends(checkout, "succeeded", "succeeded")
    answer = await world.http.get(f"/v1/checkouts/{checkout['id']}/stream")
    for block in answer.text.strip().split("\n\n"):
        name, data = block.split("\n")
        assert name == "event: checkout"
        seen.append(json.loads(data.removeprefix("data: ")))
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert [one["payment"]["status"] for one in seen] == ["succeeded"]


async def test_a_stream_follows_a_running_session(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    streaming = asyncio.create_task(world.http.get(f"/v1/checkouts/{checkout['id']}/stream"))
    while not world.app.state.streams:  # noqa: ASYNC110 - the stream says no other way that it is open
        await asyncio.sleep(0.01)
    world.attempt_ends(checkout, "succeeded", "succeeded")
    text = (await streaming).text
    assert text.count("event: checkout") == 2
    assert '"status":"complete"' in text
    assert world.app.state.streams == set()


def add_evidence(world: Any, attempt: str) -> str:
    proof = ids.uuid7()
    world.sql(
        "insert into evidence (id, org_id, livemode, attempt_id, source, verdict)"
        " values (%s, %s, false, %s, 'query', 'pending')",
        proof,
        world.org,
        ids.parsed(ids.ATTEMPT, attempt),
    )
    return ids.shown(ids.EVIDENCE, proof)


async def book(world: Any, attempt: str, payment: str) -> None:
    """What the ledger's writer does when the money arrives."""
    arrival = Arrival(
        attempt_id=attempt,
        payment_id=payment,
        org=world.org,
        livemode=False,
        provider="mpesa",
        wallet="collections",
        amount=Money(125_000, "KES"),
    )
    fee = Fee(net=Money(0, "KES"), tax=Money(0, "KES"))
    async with world.parts.database.scoped(world.org, False) as connection:
        receipt = Receipt(rail="mpesa", account="collections", number="R1")
        await Book().post(connection, checkout_settled(arrival, fee), receipt)
