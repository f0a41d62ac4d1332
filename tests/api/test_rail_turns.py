"""A method whose rail is down: refused with what else is up, or queued if the payer agrees."""

from typing import Any

import pytest

from models import ids

MPESA = {"method": "mpesa", "payer": {"phone": "+254700000001"}}
MOMO = {"method": "momo", "payer": {"phone": "+237670000001"}}
QUEUE = {**MPESA, "when_down": "queue"}
_STAND = """
insert into rail_health (provider, country, operation, state, trials)
values (%s, 'KE', %s, %s, %s) on conflict (provider, country, operation)
do update set state = excluded.state, trials = excluded.trials"""


def stand(world: Any, state: str, *, method: str = "mpesa", trials: int = 0) -> None:
    world.sql(_STAND, method, "collect", state, trials)


def waiting(world: Any) -> list[Any]:
    return list(world.sql("select waits_as, workflow_id, provider from rail_queue"))


@pytest.fixture(autouse=True)
def _up(world: Any) -> None:
    world.sql("delete from rail_health")
    world.sql("delete from rail_queue")


@pytest.mark.parametrize("state", ["open", "maintenance", "half_open"])
async def test_a_method_that_is_down_is_refused_before_anything_is_written(
    world: Any, state: str
) -> None:
    stand(world, state)
    answer = await world.create(confirm=MPESA)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (503, "method_down")
    assert (problem["outcome"], problem["retryable"]) == ("none", "after")
    assert int(answer.headers["retry-after"]) >= 1
    assert (world.count("checkouts"), world.dispatcher.started) == (0, [])


async def test_what_else_is_up_and_carries_the_money_is_offered(world: Any) -> None:
    stand(world, "open", method="momo")
    francs = {"amount": 2_500, "currency": "XAF", "confirm": MOMO}
    offered = (await world.create(**francs)).json()["alternatives"]
    stand(world, "open")
    shillings = (await world.create(confirm=MPESA)).json()["alternatives"]
    assert (offered, shillings) == ([], [])


async def test_an_alternative_is_offered_only_while_it_is_up(world: Any) -> None:
    wallet = {**world.parts.providers, "second": world.parts.providers["mpesa"]}
    object.__setattr__(world.parts, "providers", wallet)
    stand(world, "open")
    up = (await world.create(confirm=MPESA)).json()["alternatives"]
    stand(world, "open", method="second")
    down = (await world.create(confirm=MPESA)).json()["alternatives"]
    assert (up, down) == (["second"], [])


async def test_a_payer_who_agrees_waits_unsent_in_the_queue(world: Any) -> None:
    stand(world, "open")
    checkout = await world.created(confirm=QUEUE)
    attempt = checkout["payment"]["latest_attempt"]
    assert (checkout["payment"]["status"], attempt["state"]) == ("processing", "queued")
    assert waiting(world) == [(attempt["id"], checkout["id"], "mpesa")]
    await world.dispatcher.drain()
    assert [start.order.first.queued for start in world.dispatcher.started] == [True]


async def test_an_open_session_confirmed_while_the_rail_is_down_waits_too(world: Any) -> None:
    checkout = await world.created()
    stand(world, "open")
    refused = await world.confirm(checkout["id"], MPESA)
    waits = await world.confirm(checkout["id"], QUEUE)
    assert (refused.status_code, waits.status_code) == (503, 200)
    assert waits.json()["payment"]["latest_attempt"]["state"] == "queued"
    assert [row[1] for row in waiting(world)] == [checkout["id"]]


async def test_while_the_rail_carries_nothing_is_queued_whatever_was_agreed(world: Any) -> None:
    stand(world, "degraded")
    checkout = await world.created(confirm=QUEUE)
    assert checkout["payment"]["latest_attempt"]["state"] == "created"
    assert waiting(world) == []


async def test_half_open_the_few_trials_are_sent_and_no_more(world: Any) -> None:
    stand(world, "half_open", trials=2)
    states = [
        (await world.created(confirm=QUEUE))["payment"]["latest_attempt"]["state"] for _ in range(3)
    ]
    assert states == ["created", "created", "queued"]


async def test_a_queued_attempt_blocks_a_second_method_until_it_ended(world: Any) -> None:
    stand(world, "open")
    checkout = await world.created(confirm=QUEUE)
    answer = await world.confirm(checkout["id"], MOMO)
    assert (answer.status_code, answer.json()["code"]) == (409, "attempt_in_progress")


@pytest.mark.parametrize("state", ["unknown", "awaiting_customer", "needs_review"])
async def test_nothing_with_an_open_outcome_moves_to_another_rail(world: Any, state: str) -> None:
    checkout = await world.created(confirm=MPESA)
    world.attempt_ends(checkout, state, "unknown")
    stand(world, "open")
    for body in (MPESA, QUEUE, MOMO):
        answer = await world.confirm(checkout["id"], body)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (409, "attempt_in_progress")
        assert (problem["outcome"], "alternatives" in problem) == ("unknown", False)
    attempts = world.sql(
        "select count(*) from attempts where checkout_id = %s",
        ids.parsed(ids.CHECKOUT, checkout["id"]),
    )
    assert attempts == [(1,)]


async def test_what_was_accepted_is_answered_again_when_the_rail_has_gone_down(world: Any) -> None:
    first = await world.create("same", reference="o-1", confirm=MPESA)
    stand(world, "open")
    again = await world.create("same", reference="o-1", confirm=MPESA)
    assert (again.status_code, again.content) == (201, first.content)
