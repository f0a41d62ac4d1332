"""Batches over HTTP: a file in, its rows and files out, words left for the batch."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.batch_reading import BatchReading
from activities.payout_accepting import PayoutDesk
from api.keys import PAYOUTS_APPROVE
from models import ids
from models.batch_limits import LARGEST_FILE
from models.payout_batch import BatchOrder
from runtime.payout_files import rows_of
from runtime.starting import start_of
from tests.activities.batch_world import HEADER, RAIL, line
from tests.api.batch_rows import BATCHES, a_batch

FILE = "\n".join([HEADER, line(1), line(1), line(2, amount="=1+1", name="+Jane"), line(3)])


async def sent(world: Any, content: Any = FILE, key: str = "", **query: str) -> Any:
    """The answer to a file."""
    asked = {"currency": "KES", "country": "KE", **query}
    headers = {"idempotency-key": key or ids.mint("k"), "content-type": "text/csv"}
    return await world.http.post(BATCHES, params=asked, content=content, headers=headers)


async def order_of(world: Any, batch: str) -> BatchOrder:
    """What the batch's workflow is started with."""
    sealed = world.sql("select payload_sealed from starts where id = %s", batch)[0][0]
    plain = await world.parts.vault.unseal(world.org, livemode=False, field="start", sealed=sealed)
    order: BatchOrder = start_of("payout-batch", plain).order
    return order


async def read(world: Any, content: str = FILE) -> str:
    """A batch whose file was read; it runs."""
    batch: str = (await sent(world, content)).json()["id"]
    desk = PayoutDesk(vault=world.parts.vault, rails={"mpesa": RAIL}, predicts=lambda _: "mpesa")
    reading = BatchReading(world.parts.database, desk, rows_of)
    await ActivityEnvironment().run(reading.read, await order_of(world, batch))
    named = ids.parsed(ids.BATCH, batch)
    world.sql("update sagas set state = 'running' where id = %s", named)
    return batch


async def test_a_file_is_accepted_unread_and_its_batch_is_started(world: Any) -> None:
    answer = await sent(world, reference="SAL-11")
    made = answer.json()
    assert (answer.status_code, made["object"], made["status"]) == (
        201, "payout_batch", "validating",
    )  # fmt: skip
    assert (made["currency"], made["format"], made["reference"]) == ("KES", "csv", "SAL-11")
    await world.dispatcher.drain()
    assert [start.workflow_id for start in world.dispatcher.started] == [made["id"]]
    order = await order_of(world, made["id"])
    assert (order.currency, order.country, order.maker) == ("KES", "KE", "shop")


async def test_the_file_is_sealed_and_stands_in_no_payload(world: Any) -> None:
    made = (await sent(world)).json()
    kept = world.sql(
        "select content_sealed from payout_files where batch_id = %s",
        ids.parsed(ids.BATCH, made["id"]),
    )
    assert b"2547120" not in bytes(kept[0][0])
    assert "2547120" not in repr(await order_of(world, made["id"]))


async def test_the_same_file_under_the_same_key_is_one_batch(world: Any) -> None:
    first, again = await sent(world, key="k-1"), await sent(world, key="k-1")
    other = await sent(world, FILE + "\n" + line(9), key="k-1")
    elsewhere = await sent(world, key="k-1", currency="UGX")
    assert first.content == again.content
    assert [other.json()["code"], elsewhere.json()["code"]] == ["idempotency_key_reused"] * 2


async def test_ten_at_once_are_one_batch(world: Any) -> None:
    answers = await asyncio.gather(*[sent(world, key="k-10") for _ in range(10)])
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert {answer.status_code for answer in answers} <= {201, 409}


@pytest.mark.parametrize(
    ("query", "content", "code"),
    [
        ({"currency": "XXX"}, FILE, "validation_failed"),
        ({"currency": "kes"}, FILE, "validation_failed"),
        ({"country": "Kenya"}, FILE, "validation_failed"),
        ({}, b"", "validation_failed"),
        ({}, b" \n", "validation_failed"),
        ({}, b"x" * (LARGEST_FILE + 1), "body_too_large"),
    ],
)
async def test_what_cannot_be_a_batch_is_refused(
    world: Any, query: dict[str, str], content: Any, code: str
) -> None:
    answer = await sent(world, content, **query)
    assert answer.json()["code"] == code


async def test_a_stranger_sends_no_large_body(world: Any) -> None:
    sent_bytes = 0

    async def endless() -> Any:
        nonlocal sent_bytes
        while True:
            sent_bytes += 65_536
            yield b"x" * 65_536

    answer = await world.client("").post(f"{BATCHES}?currency=KES", content=endless())
    assert (answer.status_code, sent_bytes) == (401, 0)


async def test_a_body_that_grows_too_large_on_its_way_is_cut_off(world: Any) -> None:
    async def growing() -> Any:
        for _ in range(LARGEST_FILE // 2**20 + 2):
            yield b"x" * 2**20

    answer = await sent(world, growing())
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_other_routes_take_no_larger_bodies_than_before(world: Any) -> None:
    answer = await world.http.post("/v1/checkouts", content=b"x" * 70_000)
    assert answer.json()["code"] == "body_too_large"


async def test_a_reference_is_one_batchs(world: Any) -> None:
    await sent(world, reference="SAL-12")
    answer = await sent(world, reference="SAL-12")
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_reference_in_use")


async def test_progress_counts_rows_by_state(world: Any) -> None:
    batch = await read(world)
    shown = (await world.http.get(f"{BATCHES}/{batch}")).json()
    assert shown["progress"] == {
        "held_duplicate": {"rows": 1, "amount": 150_000},
        "invalid": {"rows": 1, "amount": 0},
        "ready": {"rows": 2, "amount": 300_000},
    }


async def test_rows_are_listed_with_masked_payees(world: Any) -> None:
    batch = await read(world)
    page = (await world.http.get(f"{BATCHES}/{batch}/rows?status=held_duplicate")).json()
    (row,) = page["data"]
    assert (row["row"], row["held_for"], row["like_row"]) == (3, "same_payee", 2)
    assert row["payee"] == "+2547…001"
    every = [row async for row in pages(world, f"{BATCHES}/{batch}/rows?limit=3")]
    assert [row["row"] for row in every] == [2, 3, 4, 5]


async def pages(world: Any, path: str) -> Any:
    cursor = ""
    while True:
        page = (await world.http.get(path + cursor)).json()
        for row in page["data"]:
            yield row
        if not page["has_more"]:
            return
        cursor = f"&cursor={page['next_cursor']}"


def table(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_the_file_of_errors_says_what_is_wrong_and_computes_nothing(world: Any) -> None:
    batch = await read(world)
    answer = await world.http.get(f"{BATCHES}/{batch}/errors")
    (row,) = table(answer)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert batch in answer.headers["content-disposition"]
    assert (row["row"], row["amount"], row["name"]) == ("4", "'=1+1", "'+Jane")
    assert row["phone"] == "'+254712000002"
    assert row["error"].startswith("amount: a number such as")


async def test_the_result_shows_every_row_also_while_the_batch_runs(world: Any) -> None:
    batch = await read(world)
    answer = await world.http.get(f"{BATCHES}/{batch}/result")
    assert [row["status"] for row in table(answer)] == [
        "ready", "held_duplicate", "invalid", "ready",
    ]  # fmt: skip
    assert table(answer)[0]["payee"] == "'+2547…001"
    assert table(answer)[0]["amount"] == "1500.00"


async def words(world: Any) -> list[dict[str, Any]]:
    """What the batch is to hear."""
    kept = world.sql(
        "select payload_sealed from inbox where kind = 'request' and org_id = %s"
        " order by received_at",
        world.org,
    )
    opened = [
        await world.parts.vault.unseal(world.org, livemode=False, field="inbox", sealed=row[0])
        for row in kept
    ]
    return [json.loads(plain) for plain in opened]


async def test_words_are_left_for_the_batch_in_order_and_sent_at_once(world: Any) -> None:
    batch = a_batch(world)
    for word in ("pause", "resume", "pause", "cancel"):
        answer = await world.http.post(f"{BATCHES}/{batch}/{word}")
        assert answer.status_code == 200
    await world.dispatcher.drain()
    told = await words(world)
    assert [word["batch"] for word in told] == ["pause", "resume", "pause", "cancel"]
    assert {word["actor"] for word in told} == {"shop"}
    assert len(world.parts.vault_inbox.delivered) == 4


@pytest.mark.parametrize(
    ("state", "word"),
    [("completed", "pause"), ("canceled", "resume"), ("validating", "pause"),
     ("completed", "cancel"), ("requires_approval", "resume")],
)  # fmt: skip
async def test_a_word_that_makes_no_sense_there_is_refused(
    world: Any, state: str, word: str
) -> None:
    answer = await world.http.post(f"{BATCHES}/{a_batch(world, state)}/{word}")
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_state")


@pytest.mark.parametrize(("decision", "state"), [("release", "ready"), ("skip", "skipped")])
async def test_what_looks_doubled_is_decided_by_people(
    world: Any, decision: str, state: str
) -> None:
    batch = await read(world)
    answer = await world.http.post(f"{BATCHES}/{batch}/duplicates", json={"decision": decision})
    assert answer.status_code == 200
    rows = (await world.http.get(f"{BATCHES}/{batch}/rows")).json()["data"]
    assert [row["status"] for row in rows if row["row"] == 3] == [state]
    assert (await words(world))[-1]["batch"] == "look"


async def test_only_rows_that_are_held_are_decided(world: Any) -> None:
    batch = await read(world)
    rows = (await world.http.get(f"{BATCHES}/{batch}/rows")).json()["data"]
    body = {"decision": "release", "rows": [row["id"] for row in rows]}
    answer = await world.http.post(f"{BATCHES}/{batch}/duplicates", json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "batch_state")
    after = (await world.http.get(f"{BATCHES}/{batch}/rows?status=held_duplicate")).json()
    assert len(after["data"]) == 1


def waits(world: Any) -> str:
    """A batch that waits for a second person; the shop sent it."""
    batch = a_batch(world, "requires_approval")
    world.sql(
        "insert into approvals (saga_id, org_id, livemode, maker, asked_at, expires_at)"
        " values (%s, %s, false, 'shop', now(), now() + interval '1 hour')",
        *[ids.parsed(ids.BATCH, batch), world.org],
    )
    return batch


async def decided(world: Any, batch: str, word: str, principal: str) -> Any:
    key = world.make_key(scopes=(PAYOUTS_APPROVE,), principal=principal)
    return await world.client(key).post(f"{BATCHES}/{batch}/{word}", json={"reason": "looked"})


@pytest.mark.parametrize("word", ["approve", "reject"])
async def test_a_second_person_decides_about_the_batch_as_a_whole(world: Any, word: str) -> None:
    batch = waits(world)
    answer = await decided(world, batch, word, "boss")
    assert answer.status_code == 200, answer.text
    assert (await words(world))[-1] == {"approval": word, "actor": "boss"}


async def test_whoever_sent_the_file_does_not_approve_it(world: Any) -> None:
    batch = waits(world)
    answer = await decided(world, batch, "approve", "shop")
    assert (answer.status_code, answer.json()["code"]) == (403, "approval_by_maker")
    assert await words(world) == []
