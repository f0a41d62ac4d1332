"""Confirming: the first starts the workflow, later ones reach it, and never two at a time."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from models import ids
from models.checkout import AttemptOrder
from models.moments import moment
from runtime.settings import keyring
from runtime.vault import Vault

MPESA = {"method": "mpesa", "payer": {"phone": "+254700000001"}}
OTHER = {"method": "mpesa", "payer": {"phone": "+254700000002"}}


async def failed_once(world: Any) -> dict[str, Any]:
    checkout: dict[str, Any] = await world.created(confirm=MPESA)
    await world.dispatcher.drain()
    world.attempt_ends(checkout, "failed", "requires_payment_method")
    return checkout


async def test_the_first_confirmation_starts_the_workflow(world: Any) -> None:
    checkout = await world.created()
    answer = await world.confirm(checkout["id"])
    confirmed = answer.json()
    assert answer.status_code == 200
    assert (confirmed["status"], confirmed["payment"]["status"]) == ("processing", "processing")
    assert confirmed["payment"]["latest_attempt"]["number"] == 1
    await world.dispatcher.drain()
    (start,) = world.dispatcher.started
    assert start.workflow_id == checkout["id"]
    assert moment(start.order.expires_at) == checkout["expires_at"]


async def test_the_move_is_kept_and_told(world: Any) -> None:
    checkout = await world.created()
    await world.confirm(checkout["id"])
    moves = world.sql(
        "select object, from_state, to_state, actor, step from transitions"
        " where org_id = %s order by seq",
        world.org,
    )
    assert [move[:4] for move in moves[2:]] == [
        ("checkout", "open", "processing", "shop"),
        ("payment", "requires_payment_method", "processing", "shop"),
        ("attempt", None, "created", "shop"),
    ]
    assert {move[4] for move in moves[2:]} == {f"{checkout['id']}/accept/1"}
    events = (await world.http.get("/v1/events")).json()["data"]
    assert [event["type"] for event in events] == ["payment.processing", "payment.created"]
    before = events[0]["data"]["previous_attributes"]
    assert before == {"status": "requires_payment_method"}


async def test_a_later_confirmation_goes_to_the_running_workflow(world: Any) -> None:
    checkout = await failed_once(world)
    answer = await world.confirm(checkout["id"], OTHER)
    assert answer.json()["payment"]["latest_attempt"]["number"] == 2
    await world.dispatcher.drain()
    assert len(world.dispatcher.started) == 1
    ((row_id, kind, digest, sealed),) = world.sql(
        "select id, kind, digest, payload_sealed from inbox where workflow_id = %s", checkout["id"]
    )
    assert world.inbox.delivered == [row_id]
    assert (kind, digest) == ("attempt", answer.json()["payment"]["latest_attempt"]["id"])
    plain = await world.parts.vault.unseal(
        world.org, livemode=False, field="inbox", sealed=bytes(sealed)
    )
    order = TypeAdapter(AttemptOrder).validate_json(plain)
    assert (order.id, order.number, order.charge.payer) == (digest, 2, "254700000002")


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("sending", "processing"),
        ("awaiting_customer", "requires_action"),
        ("unknown", "unknown"),
        ("not_received", "processing"),  # to be sent again: the index alone would let it pass
    ],
)
async def test_while_money_may_be_moving_there_is_no_second_attempt(
    world: Any, state: str, status: str
) -> None:
    checkout = await world.created(confirm=MPESA)
    world.attempt_ends(checkout, state, status)
    answer = await world.confirm(checkout["id"], OTHER)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "attempt_in_progress")
    assert (problem["retryable"], problem["outcome"]) == ("never", "unknown")
    assert world.count("attempts") == 1


async def test_the_database_itself_lets_only_one_attempt_be_open(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    world.attempt_ends(checkout, "unknown", "requires_payment_method")
    answer = await world.confirm(checkout["id"], OTHER)
    assert (answer.status_code, answer.json()["code"]) == (409, "attempt_in_progress")


async def test_ten_confirmations_at_once_make_one_attempt(world: Any) -> None:
    checkout = await world.created()
    answers = await asyncio.gather(*(world.confirm(checkout["id"]) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 9
    assert world.count("attempts") == 1
    assert len(world.dispatcher.waiting) == 1


async def test_the_same_key_confirms_once(world: Any) -> None:
    checkout = await world.created()
    first = await world.confirm(checkout["id"], key="c-1")
    second = await world.confirm(checkout["id"], key="c-1")
    assert first.content == second.content
    assert second.headers["idempotent-replayed"] == "true"
    assert len(world.dispatcher.waiting) == 1


async def test_a_confirmation_needs_a_key(world: Any) -> None:
    checkout = await world.created()
    answer = await world.http.post(f"/v1/checkouts/{checkout['id']}/confirm", json=MPESA)
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("expires_at", datetime.now(UTC) - timedelta(seconds=1), "checkout_expired"),
        ("state", "expired", "checkout_final"),
        ("state", "canceled", "checkout_final"),
        ("cancel_requested_at", datetime.now(UTC), "checkout_canceling"),
    ],
)
async def test_a_session_that_is_over_takes_no_attempt(
    world: Any, column: str, value: Any, code: str
) -> None:
    checkout = await world.created()
    row_id = ids.parsed(ids.CHECKOUT, checkout["id"])
    world.sql(f"update checkouts set {column} = %s where id = %s", value, row_id)
    answer = await world.confirm(checkout["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert world.count("attempts") == 0


async def test_a_paid_session_takes_no_attempt(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    world.attempt_ends(checkout, "succeeded", "succeeded")
    answer = await world.confirm(checkout["id"])
    assert answer.json()["code"] == "checkout_final"


async def test_attempts_are_counted(world: Any) -> None:
    checkout = await failed_once(world)
    world.sql("update attempts set number = 10 where org_id = %s", world.org)
    answer = await world.confirm(checkout["id"])
    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_attempts")


async def test_a_method_that_does_not_carry_the_currency_is_named(world: Any) -> None:
    checkout = await world.created()
    momo = {"method": "momo", "payer": {"phone": "+237670000001"}}
    answer = await world.confirm(checkout["id"], momo)
    assert (answer.status_code, answer.json()["param"]) == (400, "/method")


async def test_the_wait_ends_with_the_first_state_worth_telling(world: Any) -> None:
    checkout = await world.created()

    async def payer_pays() -> None:
        while not world.count("attempts"):  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.01)
        world.attempt_ends(checkout, "succeeded", "succeeded")

    paying = asyncio.create_task(payer_pays())
    answer = await world.http.post(
        f"/v1/checkouts/{checkout['id']}/confirm?wait=20",
        json=MPESA,
        headers={"idempotency-key": "c-1"},
    )
    await paying
    assert answer.json()["payment"]["status"] == "succeeded"
    replay = await world.confirm(checkout["id"], key="c-1")
    assert replay.json()["payment"]["status"] == "processing"


async def test_unknown_is_an_answer_not_an_error(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    world.attempt_ends(checkout, "unknown", "unknown")
    answer = await world.http.get(f"/v1/checkouts/{checkout['id']}?wait=20")
    payment = answer.json()["payment"]
    assert answer.status_code == 200
    assert (payment["status"], payment["final"]) == ("unknown", False)
    assert payment["guidance"] == "do_not_retry"
    assert answer.json()["outcome"] == "unknown"


async def test_when_the_wait_is_over_the_state_is_told_as_it_is(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    answer = await world.http.get(f"/v1/checkouts/{checkout['id']}?wait=1")
    assert answer.json()["payment"]["status"] == "processing"
    refused = await world.http.get(f"/v1/checkouts/{checkout['id']}?wait=26")
    assert refused.status_code == 400


async def test_an_open_session_is_canceled_at_once(world: Any) -> None:
    checkout = await world.created()
    answer = await world.http.post(f"/v1/checkouts/{checkout['id']}/cancel")
    canceled = answer.json()
    assert (canceled["status"], canceled["payment"]["status"]) == ("canceled", "canceled")
    assert canceled["outcome"] == "none"
    events = (await world.http.get("/v1/events?type=payment.canceled")).json()["data"]
    assert len(events) == 1
    again = await world.http.post(f"/v1/checkouts/{checkout['id']}/cancel")
    assert (again.status_code, again.json()) == (200, canceled)


async def test_while_a_prompt_is_out_a_cancel_is_only_recorded(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    await world.dispatcher.drain()
    answer = await world.http.post(f"/v1/checkouts/{checkout['id']}/cancel")
    told = answer.json()
    assert (told["status"], told["cancel_requested"], told["outcome"]) == (
        "processing",
        True,
        "unknown",
    )
    await world.dispatcher.drain()
    ((row_id, digest, sealed),) = world.sql(
        "select id, digest, payload_sealed from inbox where workflow_id = %s", checkout["id"]
    )
    assert world.inbox.delivered == [row_id]
    assert digest == f"{checkout['id']}/cancel"
    plain = await world.parts.vault.unseal(
        world.org, livemode=False, field="inbox", sealed=bytes(sealed)
    )
    assert plain == b'{"actor": "shop"}'
    await world.http.post(f"/v1/checkouts/{checkout['id']}/cancel")
    assert world.count("inbox") == 1


async def test_what_was_paid_is_not_canceled(world: Any) -> None:
    checkout = await world.created(confirm=MPESA)
    world.attempt_ends(checkout, "succeeded", "succeeded")
    answer = await world.http.post(f"/v1/checkouts/{checkout['id']}/cancel")
    assert (answer.status_code, answer.json()["code"]) == (409, "checkout_final")


async def test_first_confirmations_after_a_start_do_not_wait_for_each_others_connections(
    world: Any,
) -> None:
    checkouts = [await world.created() for _ in range(12)]
    parts = world.parts  # its data keys are forgotten, as after a restart of the process
    again = Vault(parts.database, keyring(parts.settings.vault_keys))
    object.__setattr__(parts, "vault", again)
    world.parts.database.pool.timeout = 3.0
    answers = await asyncio.gather(*(world.confirm(one["id"]) for one in checkouts))
    assert {answer.status_code for answer in answers} == {200}
