"""Creating a session: one transaction, once, whatever comes in between."""

import asyncio
from typing import Any

import psycopg
import pytest
from pydantic import TypeAdapter

from api.idempotency import Slot
from models import ids
from models.checkout import CheckoutOrder

CONFIRM = {"method": "mpesa", "payer": {"phone": "+254700000001"}}


async def test_a_session_is_open_and_nothing_is_started(world: Any) -> None:
    checkout = await world.created(reference="o-1", metadata={"basket": "7"})
    assert (checkout["status"], checkout["outcome"]) == ("open", "none")
    assert checkout["payment"]["status"] == "requires_payment_method"
    assert checkout["payment"]["latest_attempt"] is None
    assert checkout["metadata"] == {"basket": "7"}
    assert world.count("starts") == 0
    assert world.dispatcher.waiting == []


async def test_a_pay_in_is_one_request(world: Any) -> None:
    checkout = await world.created(confirm=CONFIRM)
    attempt = checkout["payment"]["latest_attempt"]
    assert (checkout["status"], checkout["payment"]["status"]) == ("processing", "processing")
    assert (attempt["state"], attempt["payer"]) == ("created", "+2547…001")
    assert attempt["our_reference"] == ids.account_reference(attempt["id"])
    await world.dispatcher.drain()
    (start,) = world.dispatcher.started
    assert (start.workflow_id, start.kind) == (checkout["id"], "checkout")
    assert start.order.first.charge.payer == "254700000001"


async def test_the_stored_start_is_the_order_that_was_dispatched(world: Any) -> None:
    checkout = await world.created(confirm=CONFIRM)
    await world.dispatcher.drain()
    ((sealed,),) = world.sql("select payload_sealed from starts where id = %s", checkout["id"])
    plain = await world.parts.vault.unseal(
        world.org, livemode=False, field="start", sealed=bytes(sealed)
    )
    order = TypeAdapter(CheckoutOrder).validate_json(plain)
    assert order == world.dispatcher.started[0].order


async def test_the_payer_is_nowhere_in_clear(world: Any) -> None:
    await world.created(confirm=CONFIRM)
    for table in ("attempts", "starts", "events", "transitions", "idempotency_keys"):
        rows = world.sql(f"select t::text from {table} t where org_id = %s", world.org)
        assert rows
        assert "254700000001" not in str(rows)


async def test_the_answer_is_what_is_read_later(world: Any) -> None:
    checkout = await world.created(confirm=CONFIRM)
    assert (await world.http.get(f"/v1/checkouts/{checkout['id']}")).json() == checkout


async def test_the_same_key_gets_the_same_bytes_and_one_payment(world: Any) -> None:
    first = await world.create("key-1", reference="o-1", confirm=CONFIRM)
    second = await world.create("key-1", reference="o-1", confirm=CONFIRM)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert world.count("payments") == 1
    assert len(world.dispatcher.waiting) == 1


async def test_members_in_another_order_are_the_same_request(world: Any) -> None:
    first = await world.create("key-1", reference="o-1", description="tea")
    body = {"description": "tea", "reference": "o-1", "currency": "KES", "amount": 125_000}
    second = await world.http.post("/v1/checkouts", json=body, headers={"idempotency-key": "key-1"})
    assert second.content == first.content


async def test_the_same_key_with_another_body_is_refused(world: Any) -> None:
    await world.create("key-1", reference="o-1")
    answer = await world.create("key-1", reference="o-2")
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


async def test_keys_of_two_organisations_do_not_meet(world: Any) -> None:
    await world.create("key-1", reference="o-1")
    other = world.client(world.make_key(world.make_org()))
    answer = await other.post(
        "/v1/checkouts",
        json={"amount": 1_000, "currency": "KES", "reference": "o-1"},
        headers={"idempotency-key": "key-1"},
    )
    assert answer.status_code == 201
    assert "idempotent-replayed" not in answer.headers


async def test_while_the_first_is_being_accepted_the_second_is_told_so(world: Any) -> None:
    path = "/v1/checkouts"
    slot = Slot(
        org=world.org, livemode=False, method="POST", path=path, key="key-1", fingerprint=b""
    )
    with psycopg.connect(world.urls.admin) as holder:
        holder.execute("select pg_advisory_xact_lock(%s)", [slot.lock])
        answer = await world.create("key-1")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "idempotency_in_flight")
    assert (problem["retryable"], problem["outcome"]) == ("same_key", "unknown")
    assert (await world.create("key-1")).status_code == 201


async def test_twenty_at_once_make_one_payment(world: Any) -> None:
    sent = [world.create("key-1", reference="o-1", confirm=CONFIRM) for _ in range(20)]
    answers = await asyncio.gather(*sent)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.content for answer in answers if answer.status_code == 201}) == 1
    assert world.count("payments") == 1
    assert len(world.dispatcher.waiting) == 1


async def test_a_missing_key_is_asked_for(world: Any) -> None:
    body = {"amount": 1_000, "currency": "KES", "reference": "o-1"}
    answer = await world.http.post("/v1/checkouts", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


async def test_a_refused_body_leaves_the_key_unused(world: Any) -> None:
    refused = await world.create("key-1", reference="o-1", amount=-5)
    accepted = await world.create("key-1", reference="o-1")
    assert (refused.status_code, accepted.status_code) == (400, 201)


async def test_what_was_accepted_is_answered_again_though_it_would_be_refused_now(
    world: Any,
) -> None:
    first = await world.create("key-1", reference="o-1", confirm=CONFIRM)
    world.parts.providers.pop("mpesa")
    second = await world.create("key-1", reference="o-1", confirm=CONFIRM)
    assert second.content == first.content


async def test_a_reference_is_used_once_and_the_holder_is_named(world: Any) -> None:
    first = await world.created(reference="o-1")
    answer = await world.create(reference="o-1")
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "reference_in_use")
    assert problem["payment"] == first["payment"]["id"]


async def test_a_canceled_payment_gives_its_reference_back(world: Any) -> None:
    first = await world.created(reference="o-1")
    await world.http.post(f"/v1/checkouts/{first['id']}/cancel")
    assert (await world.create(reference="o-1")).status_code == 201


async def test_an_organisation_may_choose_to_be_warned_only(world: Any) -> None:
    org = world.make_org(duplicate_reference="warn")
    world.http = world.client(world.make_key(org))
    first = await world.created(reference="o-1")
    second = await world.created(reference="o-1")
    assert first["warnings"] == []
    assert [one["code"] for one in second["warnings"]] == ["reference_in_use"]
    assert second["warnings"][0]["payment"] == first["payment"]["id"]


async def test_the_first_event_tells_the_payment_as_it_was_answered(world: Any) -> None:
    checkout = await world.created(confirm=CONFIRM)
    (event,) = (await world.http.get("/v1/events")).json()["data"]
    assert (event["type"], event["sequence"]) == ("payment.created", 1)
    assert event["data"] == {"object": checkout["payment"], "previous_attributes": {}}


async def test_the_fee_in_force_travels_with_the_order(world: Any) -> None:
    org = world.make_org(fee_basis_points=225, fee_fixed_minor=10, tax_basis_points=1600)
    world.http = world.client(world.make_key(org))
    await world.created(confirm=CONFIRM)
    await world.dispatcher.drain()
    fee = world.dispatcher.started[0].order.fee
    assert (fee.basis_points, fee.fixed_minor, fee.tax_basis_points) == (225, 10, 1600)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"amount": 1.5}, "/amount"),
        ({"amount": "100"}, "/amount"),
        ({"amount": 0}, "/amount"),
        ({"amount": True}, "/amount"),
        ({"currency": "kes"}, "/currency"),
        ({"currency": "XXX"}, "/currency"),
        ({"reference": ""}, "/reference"),
        ({"reference": "x" * 65}, "/reference"),
        ({"reference": "a\x00b"}, "/reference"),
        ({"metadata": {"k" * 41: "v"}}, "/metadata/" + "k" * 41 + "/[key]"),
        ({"metadata": {str(n): "v" for n in range(51)}}, "/metadata"),
        ({"success_url": "ftp://shop.example/"}, "/success_url"),
        ({"success_url": "javascript:alert(1)"}, "/success_url"),
        ({"cancel_url": "https://me:word@shop.example/"}, "/cancel_url"),
        ({"expires_in": 59}, "/expires_in"),
        ({"expires_in": 604_801}, "/expires_in"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "/expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+23:59"}, "/expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-23:59"}, "/expires_at"),
        ({"colour": "red"}, "/colour"),
        ({"confirm": {"method": "mpesa"}}, "/confirm/payer"),
        ({"confirm": {**CONFIRM, "method": "cash"}}, "/confirm/method"),
        ({"confirm": {**CONFIRM, "payer": {"phone": "hello"}}}, "/confirm/payer/phone"),
        ({"confirm": {**CONFIRM, "payer": {"phone": "+254700"}}}, "/confirm/payer/phone"),
        ({"confirm": {**CONFIRM, "payer": {"phone": "+237670000001"}}}, "/confirm/payer/phone"),
        ({"confirm": CONFIRM, "currency": "XAF"}, "/currency"),
        ({"confirm": CONFIRM, "amount": 150}, "/amount"),
        ({"confirm": CONFIRM, "amount": 25_000_100}, "/amount"),
    ],
)
async def test_a_wrong_field_is_named_by_its_pointer(
    world: Any, change: dict[str, Any], pointer: str
) -> None:
    answer = await world.create(**change)
    problem = answer.json()
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (problem["code"], problem["param"]) == ("validation_failed", pointer)
    assert problem["errors"][0]["pointer"] == pointer
    assert world.count("checkouts") == 0


@pytest.mark.parametrize("phone", ["0700000001", "+254 700 000 001", "254700000001", "700000001"])
async def test_a_number_as_people_write_it_is_understood(world: Any, phone: str) -> None:
    await world.created(confirm={"method": "mpesa", "payer": {"phone": phone}})
    await world.dispatcher.drain()
    assert world.dispatcher.started[0].order.first.charge.payer == "254700000001"


async def test_live_sessions_return_payers_by_https_only(world: Any) -> None:
    url = {"success_url": "http://shop.example/thanks"}
    in_test = await world.create(**url)
    world.http = world.client(world.make_key(livemode=True))
    live = await world.create(**url)
    assert (in_test.status_code, live.status_code) == (201, 400)


async def test_when_the_transaction_fails_nothing_is_kept(world: Any) -> None:
    await world.created(reference="o-1")
    before = {table: world.count(table) for table in ("checkouts", "events", "idempotency_keys")}
    assert (await world.create(reference="o-1", confirm=CONFIRM)).status_code == 409
    after = {table: world.count(table) for table in before}
    assert after == before
    assert world.dispatcher.waiting == []
